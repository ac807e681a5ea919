/** The manifest of a delivery: a JWS whose key was made for this one delivery. */

import {
  digest,
  flag,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  optional,
  record,
  ShapeError,
  text,
  time,
  type Checked,
} from "./shape";

const span = { start: time, end: time };

const manifestShape = object({
  kind: text,
  request_id: text,
  content: object({
    name: oneOf(["clip.mp4", "answer.txt"]),
    media_type: text,
    size: number,
    sha256: digest,
  }),
  camera: nullable(number),
  asked: object(span),
  covered: nullable(object({ ...span, seconds: number })),
  width: nullable(number),
  height: nullable(number),
  video_codec: nullable(text),
  audio: nullable(flag),
  transformations: list(text),
  consent: object({ at: time, means: text }),
  terms: object({ purpose: text, delete_by: time, onward_sharing: flag }),
  identity: optional(text),
  software: text,
});
export type Manifest = Checked<typeof manifestShape>;

/** Verify an Ed25519 signature. */
export type Verify = (
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
) => Promise<boolean>;

const base64url = matching(/^[A-Za-z0-9_-]*$/, "base64url");
const jwk = object({ kty: oneOf(["OKP"]), crv: oneOf(["Ed25519"]), x: base64url });
const algorithm = object({ alg: oneOf(["EdDSA"]) });

/** Decode base64url without padding. */
export function decode(value: string, at: string): Uint8Array {
  const plain = base64url(value, at).replaceAll("-", "+").replaceAll("_", "/");
  if (plain.length % 4 === 1) throw new ShapeError(at, "base64url");
  return Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
}

export function parsePart(part: string, at: string): Record<string, unknown> {
  try {
    const decoded = new TextDecoder("utf-8", { fatal: true }).decode(decode(part, at));
    return record(JSON.parse(decoded), at);
  } catch {
    throw new ShapeError(at, "JSON in base64url");
  }
}

function keyIn(header: Record<string, unknown>): Uint8Array {
  algorithm(header, "header");
  if ("crit" in header || "b64" in header) throw new ShapeError("header", "plain JWS");
  const key = decode(jwk(header["jwk"], "header.jwk").x, "header.jwk.x");
  if (key.length !== 32) throw new ShapeError("header.jwk.x", "Ed25519 key");
  return key;
}

/** Read a compact JWS; null if the signature does not fit, ShapeError if it is none. */
export async function readManifest(jws: string, verify: Verify): Promise<Manifest | null> {
  const parts = jws.trim().split(".");
  const [head, body, mark] = parts;
  if (head === undefined || body === undefined || mark === undefined || parts.length !== 3) {
    throw new ShapeError("manifest", "compact JWS");
  }
  const key = keyIn(parsePart(head, "header"));
  const signed = new TextEncoder().encode(`${head}.${body}`);
  if (!(await verify(key, decode(mark, "signature"), signed))) return null;
  const payload = parsePart(body, "payload");
  if (payload["version"] !== 1) throw new ShapeError("payload.version", "1");
  return manifestShape(payload, "payload");
}
