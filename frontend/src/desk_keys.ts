/** Lazy bundle: makes the keys of a requester's desk. */

import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";

import { allowInsecureContext } from "./insecure";
import type { SecretTools } from "./model/portal_secret";

export const tools: SecretTools = {
  derive: (secret, info) => hkdf(sha256, secret, undefined, new TextEncoder().encode(info), 32),
  encode: (prefix, bytes) => bech32.encodeFromBytes(prefix, bytes),
  decode: (text) => bech32.decodeToBytes(text),
};

/** The `age1…` of an identity. */
export async function recipientOf(identity: string): Promise<string> {
  allowInsecureContext();
  return identityToRecipient(identity);
}
