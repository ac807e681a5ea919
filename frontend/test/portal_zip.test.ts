import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { ARCHIVE_MAX, sharedOut, zip, type ZipFile } from "../src/model/portal_zip";

it("another program unpacks it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zip-"));
  const film = new Uint8Array(300_000).map((_, at) => (at * 31) % 251);
  const made = await zip([
    { name: "1/clip.mp4", content: new Blob([film]) },
    { name: "1/manifest.jws", content: new Blob(["a.b.c"]) },
    { name: "2/empty.txt", content: new Blob([]) },
  ]);
  writeFileSync(join(folder, "all.zip"), new Uint8Array(await made.arrayBuffer()));
  // says so if a sum does not fit
  execFileSync("python3", ["-m", "zipfile", "-t", join(folder, "all.zip")]);
  execFileSync("python3", ["-m", "zipfile", "-e", join(folder, "all.zip"), folder]);
  expect(new Uint8Array(readFileSync(join(folder, "1/clip.mp4")))).toEqual(film);
  expect(readFileSync(join(folder, "1/manifest.jws"), "utf8")).toBe("a.b.c");
  expect(readFileSync(join(folder, "2/empty.txt"))).toHaveLength(0);
});

/** A file of a size that no test would make. */
function large(name: string, size: number): ZipFile {
  return { name, content: Object.defineProperty(new Blob([]), "size", { value: size }) };
}

const GIB = 2 ** 30;

it("what is too much for one archive is refused, and never broken", async () => {
  await expect(zip([large("1", 1.5 * GIB), large("2", 1.5 * GIB), large("3", 1.5 * GIB)])).rejects.toThrow(RangeError);
  await expect(zip([large("1", ARCHIVE_MAX + 1)])).rejects.toThrow(RangeError);
});

it("more answers than one archive holds go into several, each whole", async () => {
  const answers = [1, 2, 3].map((n) => [large(`${n}/clip.mp4`, 1.5 * GIB), large(`${n}/manifest`, 2000)]);
  const names = sharedOut(answers).map((files) => files.map(({ name }) => name));
  expect(names).toEqual([
    ["1/clip.mp4", "1/manifest", "2/clip.mp4", "2/manifest"],
    ["3/clip.mp4", "3/manifest"],
  ]);
  for (const files of sharedOut(answers)) await zip(files);
  expect(sharedOut([])).toEqual([]);
  expect(sharedOut(answers.slice(0, 1))).toHaveLength(1);
});
