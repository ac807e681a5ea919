import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { zip } from "../src/model/portal_zip";

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
