import { describe, expect, it } from "vitest";

import { HubError, hubWords, keyRing, readHead, thumbprint } from "../src/model/portal_keys";
import { ShapeError } from "../src/model/shape";
import { headOf, infoOf, jws, logOf, newKey, rotationOf, signedHeadOf, tools } from "./portal_hub";

const [first, second, third, stranger] = [newKey(), newKey(), newKey(), newKey()];
const hub = first.kid;
const log = logOf([{ kind: "published", id: "k5x2mzq7w3d4a6bnt2h5c7e3ya" }]);

const why = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.catch((one: unknown) => one);
  return error instanceof HubError ? error.why : error instanceof ShapeError ? "shape" : "none";
};

describe("a hub's keys", () => {
  it("are named as RFC 7638 says", () => {
    const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" } as const;
    expect(thumbprint(jwk, tools)).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"); // RFC 8037, A.3
  });

  it("follow from the first one", async () => {
    const rotations = [
      rotationOf(hub, first, second, "2026-12-01T00:00:00Z"),
      rotationOf(hub, second, third, "2027-01-01T00:00:00Z"),
    ];
    const { keys } = await keyRing(infoOf(first, rotations, [second, third]), tools);
    expect(keys.map(({ kid }) => kid)).toEqual([first.kid, second.kid, third.kid]);
    expect(keys.map(({ from }) => from)).toEqual([-Infinity, Date.parse("2026-12-01"), Date.parse("2027-01-01")]);
    expect(keys.map(({ until }) => until)).toEqual([Date.parse("2026-12-15"), Date.parse("2027-01-15"), Infinity]);
  });

  it.each([
    ["of a hub with another name", { ...infoOf(first), hub: second.kid }],
    ["with one more than is signed", infoOf(first, [], [first, stranger])],
    ["signed by a stranger", infoOf(first, [rotationOf(hub, stranger, second, "2026-12-01T00:00:00Z")])],
    ["of another hub", infoOf(first, [rotationOf("other", first, second, "2026-12-01T00:00:00Z")])],
    ["signed as something else", infoOf(first, [jws({ hub, key: second.jwk, from: "2026-12-01T00:00:00Z" }, first, "x")])],
    [
      "that go back in time",
      infoOf(first, [
        rotationOf(hub, first, second, "2026-12-01T00:00:00Z"),
        rotationOf(hub, second, third, "2026-12-01T00:00:00Z"),
      ]),
    ],
    [
      "that come back",
      infoOf(first, [
        rotationOf(hub, first, second, "2026-12-01T00:00:00Z"),
        rotationOf(hub, second, first, "2026-12-02T00:00:00Z"),
      ]),
    ],
  ])("are not believed %s", async (_, info) => {
    expect(await why(keyRing(info, tools))).toBe("keys");
  });

  it("of another length, or signed by more than a key, are none", async () => {
    const short = { ...first.jwk, x: "AAAA" };
    const kid = thumbprint(short, tools);
    expect(await why(keyRing({ ...infoOf(first), hub: kid, first_key: short }, tools))).toBe("shape");
    const [head = "", body = ""] = rotationOf(hub, first, second, "2026-12-01T00:00:00Z").split(".");
    expect(await why(keyRing(infoOf(first, [`${head}.${body}`]), tools))).toBe("shape");
    expect(await why(keyRing(infoOf(first, [`${head}.${body}.!`]), tools))).toBe("shape");
    const more = jws({ hub, key: second.jwk }, first, "clip-consent-key+jws", { crit: [] });
    expect(await why(keyRing(infoOf(first, [more]), tools))).toBe("shape");
  });
});

describe("a signed head", () => {
  const NOW = Date.parse("2026-11-24T10:00:01Z");

  it("says how long the log is", async () => {
    const ring = await keyRing(infoOf(first), tools);
    const head = await readHead(signedHeadOf(log, first, hub), ring, tools, NOW);
    expect(head).toEqual({ hub, ...headOf(log), at: Date.parse("2026-11-24T10:00:00Z") });
  });

  it.each([
    ["the new key before its time", second, "2026-11-30T23:59:59Z", "head"],
    ["the new key", second, "2026-12-01T00:00:00Z", "none"],
    ["the old key in the overlap", first, "2026-12-14T23:59:59Z", "none"],
    ["the old key after it", first, "2026-12-15T00:00:00Z", "head"],
    ["a stranger's key", stranger, "2026-12-02T00:00:00Z", "head"],
  ])("signed with %s, by the clock of who reads", async (_, key, now, expected) => {
    const rotations = [rotationOf(hub, first, second, "2026-12-01T00:00:00Z")];
    const ring = await keyRing(infoOf(first, rotations, [first, second]), tools);
    for (const said of ["2020-01-01T00:00:00Z", now, "2030-01-01T00:00:00Z"]) {
      const signed = signedHeadOf(log, key, hub, said);
      expect(await why(readHead(signed, ring, tools, Date.parse(now)))).toBe(expected);
    }
  });

  it("of another hub, or changed, is not believed", async () => {
    const ring = await keyRing(infoOf(first), tools);
    const read = (jws: string) => why(readHead(jws, ring, tools, NOW));
    expect(await read(signedHeadOf(log, first, "other"))).toBe("head");
    const [head = "", , mark = ""] = signedHeadOf(log, first, hub).split(".");
    const [, other = ""] = signedHeadOf(logOf([]), first, hub).split(".");
    expect(await read(`${head}.${other}.${mark}`)).toBe("head");
    expect(await read(signedHeadOf(log, first, hub, undefined, "x"))).toBe("head");
  });
});

it("a hub in words", () => {
  // as core/proquint.py has it
  expect(hubWords("fwAAAT_UAABXAJUGnwAAAQ")).toBe("lusab-babad-guzih-babab-jisab-nihak-nusab-babad");
  expect(hubWords("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")).toBe(
    "nagup-soruv-pokud-jijok-nodih-butub-sabid-lomof",
  );
});
