/**
 * The desk secret: one secret of a requester, from which the key of each request is made.
 * It never leaves the browser but as a file that the requester keeps.
 */

export interface SecretTools {
  /** HKDF with SHA-256, without a salt: 32 bytes. */
  readonly derive: (secret: Uint8Array, info: string) => Uint8Array;
  readonly encode: (prefix: string, bytes: Uint8Array) => string;
  /** Throws what is misspelt. */
  readonly decode: (text: string) => { readonly prefix: string; readonly bytes: Uint8Array };
}

const PREFIX = "clip-consent-desk-";
const SPELT = /clip-consent-desk-1[02-9ac-hj-np-z]{58}/i;
const HINT_BYTES = 16;

export function secretText(secret: Uint8Array, { encode }: SecretTools): string {
  return encode(PREFIX, secret).toUpperCase();
}

/** The secret in a file or in what was typed; null if there is none that is spelt right. */
export function readSecret(typed: string, { decode }: SecretTools): Uint8Array | null {
  const found = SPELT.exec(typed.replace(/\s+/g, " ")) ?? SPELT.exec(typed.replace(/\s+/g, ""));
  if (!found) return null;
  try {
    const { bytes } = decode(found[0].toLowerCase());
    return bytes.length === 32 ? bytes : null;
  } catch {
    return null;
  }
}

/** What is kept with a request, so that its key can be made again: chance alone. */
export function newHint(random: (bytes: number) => Uint8Array): string {
  return Array.from(random(HINT_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The age identity of the request with this hint. */
export function identityOf(secret: Uint8Array, hint: string, { derive, encode }: SecretTools): string {
  const key = derive(secret, `clip-consent desk v1 ${hint}`);
  return encode("age-secret-key-", key).toUpperCase();
}

/** A file to keep: sentences, and the secret on a line of its own. */
export function secretFile(secret: string, sentences: readonly string[]): string {
  return `${sentences.join("\r\n\r\n")}\r\n\r\n${secret}\r\n`;
}
