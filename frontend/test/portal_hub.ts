/** A hub for tests: its keys, its log, its signatures, made by Node's own crypto. */

import { createHash, generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from "node:crypto";

import type { Tools } from "../src/model/portal_keys";
import type { Jwk, Recorded } from "../src/model/portal_wire";
import { logPage } from "../src/model/portal_wire";

export const tools: Tools = {
  sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
  verify: (key, signature, message) => {
    const x = Buffer.from(key).toString("base64url");
    const jwk = { kty: "OKP", crv: "Ed25519", x };
    try {
      return Promise.resolve(verify(null, message, { key: jwk, format: "jwk" }, signature));
    } catch {
      return Promise.resolve(false);
    }
  },
};

export interface Key {
  readonly jwk: Jwk;
  readonly kid: string;
  readonly secret: KeyObject;
}

const hex = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

export function newKey(): Key {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", x } as const;
  const kid = createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url");
  return { jwk, kid, secret: privateKey };
}

export function jws(payload: object, key: Key, typ: string, more: object = {}): string {
  const part = (said: object): string => Buffer.from(JSON.stringify(said)).toString("base64url");
  const signed = `${part({ alg: "EdDSA", kid: key.kid, typ, ...more })}.${part(payload)}`;
  return `${signed}.${sign(null, Buffer.from(signed), key.secret).toString("base64url")}`;
}

export const rotationOf = (hub: string, old: Key, next: Key, from: string): string =>
  jws({ version: 1, hub, key: next.jwk, from }, old, "clip-consent-key+jws");

export const infoOf = (first: Key, rotations: string[] = [], keys: Key[] = [first]) => ({
  hub: first.kid,
  first_key: first.jwk,
  rotations,
  jwks: { keys: keys.map(({ jwk, kid }) => ({ ...jwk, kid })) },
});

interface Line {
  readonly kind: string;
  readonly id?: string | null;
  readonly target?: number | null;
  readonly at?: string;
  readonly text?: object;
  readonly redacted?: boolean;
}

/** A log of these lines, as `GET /log` tells it. */
export function logOf(lines: readonly Line[]): Recorded[] {
  let previous = "0".repeat(64);
  const entries = lines.map(({ kind, id = null, target = null, at = "2026-11-24T09:00:00Z", text = {}, redacted }, index) => {
    const salt = randomBytes(16);
    const said = JSON.stringify(text);
    const digest = hex(Buffer.concat([salt, Buffer.from(said)]));
    const body = { at, digest, id, kind, n: index + 1, previous, target };
    previous = hex(JSON.stringify(body));
    return { entry: { ...body, hash: previous }, beside: redacted ? null : { salt: salt.toString("hex"), text: said } };
  });
  return logPage({ entries, head: "" }).entries;
}

export const headOf = (log: readonly Recorded[]): { n: number; hash: string } => {
  const last = log.at(-1)?.entry;
  return { n: last?.n ?? 0, hash: last?.hash ?? "0".repeat(64) };
};

export const signedHeadOf = (log: readonly Recorded[], key: Key, hub: string, at = "2026-11-24T10:00:00Z", typ = "clip-consent-log-head+jws"): string =>
  jws({ version: 1, hub, ...headOf(log), at }, key, typ);
