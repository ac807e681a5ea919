import { createHmac } from "node:crypto";

import { bech32 } from "@scure/base";
import { describe, expect, it } from "vitest";

import { recipientOf, tools } from "../src/desk_keys";
import { keyOf } from "../src/model/link";
import { identityOf, newHint, readSecret, secretFile, secretText } from "../src/model/portal_secret";

const SECRET = Uint8Array.from({ length: 32 }, (_, at) => at);
const TEXT = secretText(SECRET, tools);

describe("a desk secret", () => {
  it("is written in letters that cannot be mistaken", () => {
    expect(TEXT).toMatch(/^CLIP-CONSENT-DESK-1[02-9AC-HJ-NP-Z]{58}$/);
    expect(readSecret(TEXT, tools)).toEqual(SECRET);
  });

  it.each([
    ["in its file", secretFile(TEXT, ["Title", "Words – and more"])],
    ["in small letters", TEXT.toLowerCase()],
    ["broken over lines", `${TEXT.slice(0, 30)}\n  ${TEXT.slice(30)}`],
  ])("is found %s", (_, typed) => {
    expect(readSecret(typed, tools)).toEqual(SECRET);
  });

  it.each([
    ["nothing", ""],
    ["one letter wrong", TEXT.replace(/.$/, (last) => (last === "Q" ? "P" : "Q"))],
    ["cut off", TEXT.slice(0, -1)],
    ["an age key", "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"],
  ])("is not read from %s", (_, typed) => {
    expect(readSecret(typed, tools)).toBeNull();
  });

  it("of another length is none", () => {
    const odd = { ...tools, decode: () => ({ prefix: "", bytes: new Uint8Array(31) }) };
    expect(readSecret(TEXT, odd)).toBeNull();
  });
});

describe("the key of a request", () => {
  it("is HKDF of secret and hint, by RFC 5869", () => {
    const sha = (key: Uint8Array, data: string | Buffer) => createHmac("sha256", key).update(data).digest();
    const drawn = sha(new Uint8Array(32), Buffer.from(SECRET));
    const made = sha(drawn, Buffer.from("clip-consent desk v1 0123\x01"));
    const identity = identityOf(SECRET, "0123", tools);
    expect(identity).toBe(bech32.encodeFromBytes("age-secret-key-", new Uint8Array(made)).toUpperCase());
    expect(keyOf(identity)).toEqual({ identity });
  });

  it("differs by hint, and is the same each time", async () => {
    const one = identityOf(SECRET, "a", tools);
    expect([identityOf(SECRET, "a", tools) === one, identityOf(SECRET, "b", tools) === one]).toEqual([true, false]);
    expect(await recipientOf(one)).toMatch(/^age1[a-z0-9]{58}$/);
  });

  it("has a hint by chance, as the protocol takes one", () => {
    expect(newHint((n) => new Uint8Array(n).fill(10))).toBe("0a".repeat(16));
  });
});
