/** Lazy bundle: makes age keys. */

import { generateX25519Identity, identityToRecipient } from "age-encryption";

import { allowInsecureContext } from "./insecure";

export interface KeyPair {
  /** `AGE-SECRET-KEY-1…`: stays in this browser, in a link that its user keeps. */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

export async function makeKeyPair(): Promise<KeyPair> {
  allowInsecureContext();
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}
