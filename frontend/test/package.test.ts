import { Encrypter } from "age-encryption";
import { bytesToHex } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { beforeAll, describe, expect, it } from "vitest";

import { makeKeyPair, type KeyPair } from "../src/keys";
import { DownloadError } from "../src/model/download";
import { OpenError, openPackage } from "../src/model/package";
import { toolsFor } from "../src/open";
import { encode, END, join, manifestFor, member, type Signing } from "./archive";

const REQUEST = "t2u3v4w5x6y7z2a3b4c5d6e7f2";
// More than one chunk of the cipher.
const FILM = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 31 + (at >> 9)) % 256);

let keys: KeyPair;
beforeAll(async () => {
  keys = await makeKeyPair();
});

const archive = (content: Uint8Array = FILM, changes: Signing = {}) =>
  join(member("manifest.jws", encode(manifestFor(content, changes))), member("clip.mp4", content), END);

async function seal(plain: Uint8Array, recipient = keys.recipient): Promise<Uint8Array<ArrayBuffer>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return new Uint8Array(await encrypter.encrypt(plain));
}

const stream = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]).stream();
const open = async (sealed: Uint8Array<ArrayBuffer>, identity = keys.identity) =>
  openPackage(stream(sealed), REQUEST, toolsFor(identity));
const openPlain = async (plain: Uint8Array) => open(await seal(plain));

describe("a package", () => {
  it("is opened, byte for byte", async () => {
    // More than one part of a blob.
    const film = join(...Array.from({ length: 22 }, () => FILM));
    const opened = await openPlain(archive(film));
    expect(Buffer.from(await opened.content.arrayBuffer()).equals(film)).toBe(true);
    expect(opened.sha256).toBe(bytesToHex(sha256(film)));
    expect(opened.manifest.content.sha256).toBe(opened.sha256);
    expect(opened.jws.split(".")).toHaveLength(3);
    expect(opened.content.type).toBe("");
  });

  it("may hold nothing", async () => {
    expect((await openPlain(archive(new Uint8Array()))).content.size).toBe(0);
  });

  it("of which any byte was changed on the way is refused", async () => {
    const sealed = await seal(archive());
    for (const at of [40, 170, 190, 70_000, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(open(changed)).rejects.toThrow(OpenError);
    }
  });

  it.each([0, 10, 180, 200, 70_000, 131_272])("that ends after %d bytes is refused", async (length) => {
    const sealed = await seal(archive());
    await expect(open(sealed.slice(0, length))).rejects.toMatchObject({ why: "damaged" });
  });

  it("sealed to another key is refused", async () => {
    const other = await makeKeyPair();
    await expect(open(await seal(archive(), other.recipient))).rejects.toMatchObject({ why: "wrong_key" });
    await expect(open(await seal(archive()), "AGE-SECRET-KEY-1NONSENSE")).rejects.toMatchObject({
      why: "wrong_key",
    });
  });

  it("whose content is not what the manifest says is refused", async () => {
    const manifest = member("manifest.jws", encode(manifestFor(FILM)));
    const other = FILM.slice();
    other[100_000] = 1;
    for (const content of [other, FILM.subarray(0, -1)]) {
      await expect(openPlain(join(manifest, member("clip.mp4", content), END))).rejects.toMatchObject({
        why: "digest_differs",
      });
    }
    await expect(openPlain(join(manifest, member("answer.txt", FILM), END))).rejects.toMatchObject({
      why: "digest_differs",
    });
  });

  it("whose manifest was changed is refused", async () => {
    const [head = "", , mark = ""] = manifestFor(FILM).split(".");
    const body = manifestFor(FILM, { payload: { camera: 9 } }).split(".")[1] ?? "";
    for (const signature of [mark, "AAAA"]) {
      const jws = `${head}.${body}.${signature}`;
      const plain = join(member("manifest.jws", encode(jws)), member("clip.mp4", FILM), END);
      await expect(openPlain(plain)).rejects.toMatchObject({ why: "bad_signature" });
    }
  });

  it("whose manifest is none is refused", async () => {
    await expect(openPlain(archive(FILM, { header: { alg: "none" } }))).rejects.toMatchObject({
      why: "bad_manifest",
    });
  });

  it("of another request is refused", async () => {
    const payload = { request_id: "aaaaaaaaaaaaaaaaaaaaaaaaaa" };
    await expect(openPlain(archive(FILM, { payload }))).rejects.toMatchObject({ why: "other_request" });
  });

  const manifest = () => member("manifest.jws", encode(manifestFor(FILM)));
  it.each([
    ["no manifest", () => join(member("clip.mp4", FILM), END)],
    ["a manifest that is too large", () => join(member("manifest.jws", new Uint8Array(65_537)), END)],
    ["no content", () => join(manifest(), END)],
    ["a file too many", () => join(manifest(), member("clip.mp4", FILM), member("x", FILM), END)],
  ])("with %s is refused", async (_what, plain) => {
    await expect(openPlain(plain())).rejects.toMatchObject({ why: "damaged" });
  });

  it("whose download fails says how", async () => {
    const failing = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new DownloadError("gone")),
    });
    await expect(openPackage(failing, REQUEST, toolsFor(keys.identity))).rejects.toMatchObject({ why: "gone" });
  });

  it("is checked without WebCrypto as well", async () => {
    const subtle = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(crypto), "subtle") ?? {};
    Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
    try {
      const made = await makeKeyPair();
      const sealed = await seal(archive(), made.recipient);
      expect((await open(sealed, made.identity)).content.size).toBe(FILM.length);
      const [head = "", , mark = ""] = manifestFor(FILM).split(".");
      const body = manifestFor(FILM, { payload: { camera: 9 } }).split(".")[1] ?? "";
      const jws = member("manifest.jws", encode(`${head}.${body}.${mark}`));
      const spoiled = await seal(join(jws, member("clip.mp4", FILM), END), made.recipient);
      await expect(open(spoiled, made.identity)).rejects.toMatchObject({ why: "bad_signature" });
    } finally {
      Object.defineProperty(crypto, "subtle", { ...subtle, configurable: true });
    }
  });

  it("lets faults of the program through", async () => {
    const verify = () => Promise.reject(new RangeError("ours"));
    const tools = { ...toolsFor(keys.identity), verify };
    await expect(openPackage(stream(await seal(archive())), REQUEST, tools)).rejects.toThrow(RangeError);
  });
});
