/** Lazy bundle: opens sealed packages. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { Decrypter } from "age-encryption";

import { allowInsecureContext } from "./insecure";
import { WrongKeyError, type Tools } from "./model/package";

export { openPackage } from "./model/package";
export { download } from "./model/download";

async function decrypt(
  identity: string,
  sealed: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch {
    throw new WrongKeyError();
  }
  try {
    return await decrypter.decrypt(sealed);
  } catch (error) {
    // Its only sign of it; test/open.test.ts holds it.
    if (error instanceof Error && error.message.startsWith("no identity matched")) {
      throw new WrongKeyError();
    }
    throw error;
  }
}

async function verify(
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

/** What opening needs, for one identity. */
export function toolsFor(identity: string): Tools {
  allowInsecureContext();
  return {
    decrypt: (sealed) => decrypt(identity, sealed),
    sha256: () => sha256.create(),
    verify,
  };
}
