/** Lazy bundle: checks signatures and digests. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 as digest } from "@noble/hashes/sha2.js";

export function sha256(bytes: Uint8Array): Uint8Array {
  return digest(bytes);
}

export async function verify(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  try {
    const own = (bytes: Uint8Array) => new Uint8Array(bytes);
    const imported = await crypto.subtle.importKey("raw", own(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, own(signature), own(message));
  } catch {
    // Browsers before 2025, and pages without TLS, have no Ed25519.
    try {
      return ed25519.verify(signature, message, key);
    } catch {
      return false; // not a signature, or not a key
    }
  }
}
