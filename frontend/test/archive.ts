/** Archives and manifests for the tests, made without the code under test. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

import { example } from "./examples";

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;

/** One header block; `change` may spoil it before its sum is taken. */
export function header(name: string, size: number, change?: (block: Uint8Array) => void): Uint8Array {
  const block = new Uint8Array(512);
  block.set(encode(name));
  block.set(encode(octal(0o644, 8)), 100);
  block.set(encode(octal(0, 8)), 108);
  block.set(encode(octal(0, 8)), 116);
  block.set(encode(octal(size, 12)), 124);
  block.set(encode(octal(0, 12)), 136);
  block.set(encode("        "), 148);
  block.set(encode("0"), 156);
  block.set(encode("ustar\x0000"), 257);
  change?.(block);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(encode(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return block;
}

export function member(name: string, data: Uint8Array): Uint8Array {
  return join(header(name, data.length), data, new Uint8Array((512 - (data.length % 512)) % 512));
}

export const END = new Uint8Array(1024);

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

export interface Signing {
  readonly header?: Record<string, unknown>;
  readonly payload?: Record<string, unknown>;
}

/** The documented manifest, for `content`, signed with a key of its own. */
export function manifestFor(content: Uint8Array, changes: Signing = {}): string {
  const { secretKey, publicKey } = ed25519.keygen();
  const said = example("manifest");
  const payload = {
    ...said,
    content: {
      ...(said["content"] as object),
      size: content.length,
      sha256: bytesToHex(sha256(content)),
    },
    ...changes.payload,
  };
  const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(publicKey) };
  const head = { alg: "EdDSA", typ: "clip-consent-manifest+jws", jwk, ...changes.header };
  const signed = [head, payload].map((part) => base64url(encode(JSON.stringify(part)))).join(".");
  return `${signed}.${base64url(ed25519.sign(encode(signed), secretKey))}`;
}
