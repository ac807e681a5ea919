/** The pages hold to tests/portal/vectors.json, as every other implementation of the protocol does. */

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { recipientOf, tools as deskTools } from "../src/desk_keys";
import { openPackage } from "../src/model/package";
import { HubError, hubWords, keyRing, readHead, thumbprint, type Tools } from "../src/model/portal_keys";
import { checkLog, hashOf, published } from "../src/model/portal_log";
import { identityOf, readSecret, secretText } from "../src/model/portal_secret";
import { logPage, type Jwk } from "../src/model/portal_wire";
import { toolsFor } from "../src/open";
import { sha256, verify } from "../src/verify";

interface Vectors {
  readonly keys: readonly { readonly jwk: Jwk; readonly thumbprint: string; readonly words: string }[];
  readonly hub: string;
  readonly first_key: Jwk;
  readonly rotations: readonly string[];
  readonly good: readonly { readonly at: string; readonly kids: readonly string[] }[];
  readonly log: {
    readonly lines: readonly object[];
    readonly head: { readonly payload: { readonly n: number; readonly hash: string }; readonly token: string };
    readonly broken: readonly { readonly what: string; readonly line: object | null }[];
  };
  readonly sealed: {
    readonly identity: string;
    readonly request_id: string;
    readonly manifest: object;
    readonly manifest_jws: string;
    readonly content: string;
    readonly small: string;
  };
  readonly desk: {
    readonly secret: string;
    readonly written: string;
    readonly requests: readonly { readonly key_hint: string; readonly identity: string; readonly recipient: string }[];
  };
}

const file = new URL("../../tests/portal/vectors.json", import.meta.url);
const said = JSON.parse(readFileSync(file, "utf8")) as Vectors;
const tools: Tools = { sha256, verify }; // those of the pages themselves
const lines = (all: readonly object[]) => logPage({ entries: all, head: "" }).entries;
const log = lines(said.log.lines);
const NOW = Date.parse("2026-12-02T09:00:00Z");
const ring = async () =>
  keyRing({ hub: said.hub, first_key: said.first_key, rotations: [...said.rotations], jwks: { keys: [] } }, tools);

describe("the protocol's vectors: keys", () => {
  it.each(said.keys)("$words", ({ jwk, thumbprint: name, words }) => {
    expect(thumbprint(jwk, tools)).toBe(name);
    expect(hubWords(name)).toBe(words);
  });

  it("are good for their time", async () => {
    const { keys } = await ring();
    for (const { at, kids } of said.good) {
      const now = Date.parse(at);
      expect(keys.filter(({ from, until }) => from <= now && now < until).map(({ kid }) => kid)).toEqual(kids);
    }
  });
});

describe("the protocol's vectors: the log", () => {
  it("is whole, and its head the signed one", async () => {
    const head = await readHead(said.log.head.token, await ring(), tools, NOW);
    expect(head).toMatchObject({ n: said.log.head.payload.n, hash: said.log.head.payload.hash });
    expect(() => checkLog(log, head, tools)).not.toThrow();
    expect(log.map(({ entry }) => hashOf(entry.fields, tools))).toEqual(log.map(({ entry }) => entry.hash));
    const [first, second] = published(log, Date.parse("2026-12-02T09:00:00Z"));
    expect(first).toMatchObject({ n: 5, state: "redacted", item: null, tombstone: { who: "Mo of number 5" } });
    expect(second).toMatchObject({
      n: 3,
      state: "open",
      item: { title: "Kratzer in der Lindenstraße", text: "Ein blauer Bus,\nDienstag – 🚐." },
      notes: [{ text: "It was Wednesday." }],
    });
  });

  it.each(said.log.broken)("is refused with $what", async ({ line }) => {
    const head = await readHead(said.log.head.token, await ring(), tools, NOW);
    const changed = lines([...said.log.lines.slice(0, 2), ...(line ? [line] : []), ...said.log.lines.slice(3)]);
    expect(() => checkLog(changed, head, tools)).toThrow(HubError);
  });
});

describe("the protocol's vectors: what is sealed", () => {
  it("opens to the same bytes", async () => {
    const { identity, request_id: request, small, content, manifest_jws: jws } = said.sealed;
    const sealed = new Blob([Buffer.from(small, "base64url")]).stream();
    const opened = await openPackage(sealed, request, toolsFor(identity));
    expect(await opened.content.text()).toBe(content);
    expect(opened.jws).toBe(jws);
    expect(opened.manifest).toMatchObject({ kind: "answer", consent: { means: "panel" } });
  });
});

describe("the protocol's vectors: a desk secret", () => {
  const secret = new Uint8Array(Buffer.from(said.desk.secret, "base64url"));

  it("is written and read the same", () => {
    expect(secretText(secret, deskTools)).toBe(said.desk.written);
    expect(readSecret(said.desk.written, deskTools)).toEqual(secret);
  });

  it.each(said.desk.requests)("makes the key for the hint '$key_hint'", async ({ key_hint: hint, identity, recipient }) => {
    expect(identityOf(secret, hint, deskTools)).toBe(identity);
    expect(await recipientOf(identity)).toBe(recipient);
  });
});
