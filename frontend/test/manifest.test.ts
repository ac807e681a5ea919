import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";

import { decode, readManifest, type Verify } from "../src/model/manifest";
import { ShapeError } from "../src/model/shape";
import { base64url, encode, manifestFor } from "./archive";

const verify: Verify = (key, signature, message) => Promise.resolve(ed25519.verify(signature, message, key));
const CONTENT = encode("film");

describe("a manifest", () => {
  it("is read when its signature fits", async () => {
    const manifest = await readManifest(`${manifestFor(CONTENT)}\n`, verify);
    expect(manifest).toMatchObject({
      kind: "clip",
      request_id: "t2u3v4w5x6y7z2a3b4c5d6e7f2",
      content: { name: "clip.mp4", size: 4 },
      camera: 1,
      terms: { onward_sharing: false },
    });
  });

  it("of an answer in words has nothing to say of a film", async () => {
    const nothing = { camera: null, covered: null, width: null, height: null, video_codec: null, audio: null };
    const payload = {
      ...nothing,
      kind: "answer",
      transformations: [],
      content: { name: "answer.txt", media_type: "text/plain", size: 4, sha256: "0".repeat(64) },
    };
    expect((await readManifest(manifestFor(CONTENT, { payload }), verify))?.content.name).toBe("answer.txt");
  });

  it("says who the owner is only where they said it", async () => {
    expect((await readManifest(manifestFor(CONTENT), verify))?.identity).toBeNull();
    const named = manifestFor(CONTENT, { payload: { identity: "Sam, number 12" } });
    expect((await readManifest(named, verify))?.identity).toBe("Sam, number 12");
    const odd = manifestFor(CONTENT, { payload: { identity: ["Sam"] } });
    await expect(readManifest(odd, verify)).rejects.toThrow(ShapeError);
  });

  it("is nothing when its signature does not fit", async () => {
    const [head = "", , mark = ""] = manifestFor(CONTENT).split(".");
    const other = manifestFor(encode("other")).split(".")[1] ?? "";
    expect(await readManifest(`${head}.${other}.${mark}`, verify)).toBeNull();
  });

  const jwk = { kty: "OKP", crv: "Ed25519", x: base64url(new Uint8Array(32)) };
  it.each([
    ["no signature scheme", { header: { alg: "none" } }],
    ["another scheme", { header: { alg: "HS256" } }],
    ["an extension", { header: { crit: ["b64"] } }],
    ["an encoding of its own", { header: { b64: false } }],
    ["no key", { header: { jwk: undefined } }],
    ["a key of another kind", { header: { jwk: { ...jwk, crv: "X25519" } } }],
    ["a short key", { header: { jwk: { ...jwk, x: "AAAA" } } }],
    ["a key that is not base64url", { header: { jwk: { ...jwk, x: "+/+/" } } }],
    ["another version", { payload: { version: 2 } }],
    ["no content", { payload: { content: null } }],
    ["another file", { payload: { content: { name: "run.html", media_type: "text/html", size: 1, sha256: "0".repeat(64) } } }],
    ["no terms", { payload: { terms: undefined } }],
  ])("with %s is refused", async (_what, changes) => {
    await expect(readManifest(manifestFor(CONTENT, changes), () => Promise.resolve(true))).rejects.toThrow(ShapeError);
  });

  it.each(["", "a.b", "a.b.c.d", "a.b.c", `${base64url(encode("[]"))}.e30.e30`, "gA.e30.e30"])(
    "%j is none",
    async (jws) => {
      await expect(readManifest(jws, verify)).rejects.toThrow(ShapeError);
    },
  );
});

it("base64url is decoded", () => {
  expect([...decode("_-8", "x")]).toEqual([255, 239]);
  expect(() => decode("A", "x")).toThrow("base64url");
});
