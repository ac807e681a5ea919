import { describe, expect, it } from "vitest";

import { TarError, TarReader } from "../src/model/tar";
import { encode, END, header, join, member } from "./archive";

/** What a reader makes of an archive that comes in pieces of `size` bytes. */
function read(archive: Uint8Array, size = 512): { name: string; data: string }[] {
  const files: { name: string; data: string; open: boolean }[] = [];
  const last = () => files.at(-1) ?? { name: "", data: "", open: false };
  const reader = new TarReader({
    open: (name, length) => files.push({ name: `${name}:${length}`, data: "", open: true }),
    data: (bytes) => (last().data += new TextDecoder().decode(bytes)),
    close: () => (last().open = false),
  });
  for (let at = 0; at < archive.length; at += size) reader.push(archive.subarray(at, at + size));
  reader.finish();
  expect(files.every((file) => !file.open)).toBe(true);
  return files.map(({ name, data }) => ({ name, data }));
}

const GOOD = join(
  member("manifest.jws", encode("a.b.c")),
  member("clip.mp4", encode("x".repeat(700))),
  member("empty", new Uint8Array()),
  END,
);

describe("an archive", () => {
  it.each([1, 7, 511, 512, 513, 100_000])("is read in pieces of %d bytes", (size) => {
    expect(read(GOOD, size)).toEqual([
      { name: "manifest.jws:5", data: "a.b.c" },
      { name: "clip.mp4:700", data: "x".repeat(700) },
      { name: "empty:0", data: "" },
    ]);
  });

  it("may be filled up with zeros to any size", () => {
    expect(read(join(GOOD, new Uint8Array(1000)))).toHaveLength(3);
  });

  it("may use the whole name field, and the older mark of a file", () => {
    const name = "n".repeat(100);
    const block = header(name, 0, (bytes) => (bytes[156] = 0));
    expect(read(join(block, END))).toEqual([{ name: `${name}:0`, data: "" }]);
  });

  const spoiled = (change: (block: Uint8Array) => void) => join(header("a", 0, change), END);
  const flipped = header("a", 0);
  flipped[0] = 0x62;

  it.each([
    ["in the data", GOOD.subarray(0, 1700), "cut short"],
    ["in the padding", GOOD.subarray(0, 600), "cut short"],
    ["in a header", GOOD.subarray(0, 1100), "no end mark"],
    ["before its end mark", GOOD.subarray(0, -1024), "no end mark"],
    ["after one block of it", GOOD.subarray(0, -512), "no end mark"],
  ])("cut %s is refused", (_where, archive, reason) => {
    expect(() => read(archive)).toThrow(reason);
  });

  it.each([
    ["something behind the end", join(GOOD, member("b", encode("x"))), "after the end mark"],
    ["a last piece that is not zero", join(GOOD, encode("x")), "cut short"],
    ["padding that hides something", join(header("a", 1), encode(`x${"y".repeat(511)}`), END), "padding"],
    ["a wrong sum", join(flipped, END), "sum"],
    ["a foreign mark", spoiled((block) => block.set(encode("other"), 257)), "not a tar"],
    ["a folder", spoiled((block) => block.set(encode("5"), 156)), "regular"],
    ["a symbolic link", spoiled((block) => block.set(encode("2"), 156)), "regular"],
    ["a long-name record", spoiled((block) => block.set(encode("x"), 156)), "regular"],
    ["a link name", spoiled((block) => block.set(encode("/etc"), 157)), "links"],
    ["a name prefix", spoiled((block) => block.set(encode("dir"), 345)), "links"],
    ["a name with something behind its end", spoiled((block) => block.set(encode("x"), 50)), "clean"],
    ["a size that is not octal", spoiled((block) => block.set(encode("9"), 130)), "octal"],
    ["a binary size", spoiled((block) => (block[124] = 0x80)), "octal"],
  ])("with %s is refused", (_what, archive, reason) => {
    expect(() => read(archive)).toThrow(reason);
    expect(() => read(archive)).toThrow(TarError);
  });
});
