/** A hub's keys and what it signs with them: sections 1 and 3 of docs/portal-protocol.md. */

import { decode, parsePart, type Verify } from "./manifest";
import { rotation, signedHead, type Info, type Jwk, type SignedHead } from "./portal_wire";
import { matching, object, oneOf, ShapeError, text } from "./shape";

export interface Tools {
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly verify: Verify;
}

/** Why what a hub says is not believed, and where in the log. */
export class HubError extends Error {
  readonly why: "keys" | "head" | "chain" | "text" | "untold" | "terms" | "strange" | "other" | "rollback" | "fork";
  readonly n: number;

  constructor(why: HubError["why"], n = 0) {
    super(why);
    this.name = "HubError";
    this.why = why;
    this.n = n;
  }
}

interface HubKey {
  readonly kid: string;
  readonly bytes: Uint8Array;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

export interface KeyRing {
  readonly hub: string;
  readonly keys: readonly HubKey[];
}

type Keys = Pick<Info, "hub" | "first_key" | "rotations" | "jwks">;

const OVERLAP = 14 * 86_400_000; // milliseconds
const header = object({ alg: oneOf(["EdDSA"]), kid: text, typ: text });
const part = matching(/^[A-Za-z0-9_-]+$/, "base64url");

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** RFC 7638. */
export function thumbprint({ crv, kty, x }: Jwk, { sha256 }: Tools): string {
  return base64url(sha256(new TextEncoder().encode(JSON.stringify({ crv, kty, x }))));
}

function bytesOf({ x }: Jwk): Uint8Array {
  const bytes = decode(x, "key.x");
  if (bytes.length !== 32) throw new ShapeError("key.x", "Ed25519 key");
  return bytes;
}

/** The payload of a compact JWS of this `typ`, signed by the key of that kid; else null. */
async function readSigned(
  jws: string,
  typ: string,
  keyOf: (kid: string) => Uint8Array | undefined,
  { verify }: Tools,
): Promise<Record<string, unknown> | null> {
  const parts = jws.split(".");
  if (parts.length !== 3) throw new ShapeError("JWS", "three parts");
  const [head = "", body = "", mark = ""] = parts.map((one) => part(one, "JWS"));
  const all = parsePart(head, "header");
  const named = header(all, "header");
  if (Object.keys(all).length !== 3) throw new ShapeError("header", "plain JWS");
  const key = keyOf(named.kid);
  if (named.typ !== typ || !key) return null;
  const signed = new TextEncoder().encode(`${head}.${body}`);
  return (await verify(key, decode(mark, "signature"), signed)) ? parsePart(body, "payload") : null;
}

/** The hub's keys, each signed by the one before. Throws HubError `keys`, or ShapeError. */
export async function keyRing(said: Keys, tools: Tools): Promise<KeyRing> {
  const { hub, first_key: first, rotations, jwks } = said;
  if (thumbprint(first, tools) !== hub) throw new HubError("keys");
  const ring: HubKey[] = [];
  let last: HubKey = { kid: hub, bytes: bytesOf(first), from: -Infinity, until: Infinity };
  for (const jws of rotations) {
    const next = await nextKey(jws, hub, last, tools);
    ring.push({ ...last, until: next.from + OVERLAP });
    if (ring.some(({ kid }) => kid === next.kid)) throw new HubError("keys");
    last = next;
  }
  ring.push(last);
  const known = new Set(ring.map(({ kid }) => kid));
  if (!jwks.keys.every((one) => known.has(thumbprint(one, tools)))) throw new HubError("keys");
  return { hub, keys: ring };
}

async function nextKey(jws: string, hub: string, last: HubKey, tools: Tools): Promise<HubKey> {
  const keyOf = (kid: string) => (kid === last.kid ? last.bytes : undefined);
  const signed = await readSigned(jws, "clip-consent-key+jws", keyOf, tools);
  const said = signed && rotation(signed, "rotation");
  if (said?.hub !== hub || said.from <= last.from) throw new HubError("keys");
  return { kid: thumbprint(said.key, tools), bytes: bytesOf(said.key), from: said.from, until: Infinity };
}

/**
 * What a signed head says. Throws HubError `head` unless a key signed it that is good now
 * (milliseconds since 1970, by the reader's clock: what is signed could be dated back).
 */
export async function readHead(jws: string, ring: KeyRing, tools: Tools, now: number): Promise<SignedHead> {
  const used: HubKey[] = [];
  const keyOf = (kid: string): Uint8Array | undefined => {
    used.push(...ring.keys.filter((one) => one.kid === kid));
    return used[0]?.bytes;
  };
  const signed = await readSigned(jws, "clip-consent-log-head+jws", keyOf, tools);
  const head = signed && signedHead(signed, "head");
  if (head?.hub !== ring.hub || !used.every(({ from, until }) => from <= now && now < until)) {
    throw new HubError("head");
  }
  return head;
}

const CONSONANTS = "bdfghjklmnprstvz";
const VOWELS = "aiou";

/** A hub's name as people compare it: the first 16 bytes of the thumbprint, as proquints. */
export function hubWords(hub: string): string {
  const words: string[] = [];
  const bytes = decode(hub, "hub").subarray(0, 16);
  for (let at = 0; at + 1 < bytes.length; at += 2) words.push(proquint(new DataView(bytes.buffer).getUint16(at)));
  return words.join("-");
}

function proquint(bits: number): string {
  const consonant = (shift: number): string => CONSONANTS.charAt((bits >> shift) & 15);
  const vowel = (shift: number): string => VOWELS.charAt((bits >> shift) & 3);
  return consonant(12) + vowel(10) + consonant(6) + vowel(4) + consonant(0);
}
