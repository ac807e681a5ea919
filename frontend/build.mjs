/** Builds all that browsers load into the integration's `www`. */

import { mkdir, readdir, rm } from "node:fs/promises";

import { build } from "esbuild";

const OUT = "../custom_components/clip_consent/www";
const LANGUAGES = ["de", "es", "fr", "nl"];

/** The folder stays: a server may hold it. What an older build left must not be served. */
await mkdir(OUT, { recursive: true });
for (const name of await readdir(OUT)) await rm(`${OUT}/${name}`);

const options = {
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  outdir: OUT,
  entryNames: "[name]",
  alias: { "@noble/post-quantum/hybrid.js": "./src/no_hybrid.ts" },
};

/** Public pages: each whole in itself, what is needed later beside it. */
await build({
  ...options,
  entryPoints: [
    "src/keys.ts",
    "src/open.ts",
    "src/qr.ts",
    "src/public/ask.ts",
    "src/public/status.ts",
    "src/public/public.css",
    "src/public/ask.html",
    "src/public/no_invite.html",
    "src/public/status.html",
    "src/licenses.txt",
    ...LANGUAGES.map((language) => `src/strings/pages.${language}.ts`),
  ],
  loader: { ".html": "copy", ".txt": "copy" },
});

/** Panel and card: parts in common, and parts that are loaded when they are needed. */
await build({
  ...options,
  entryPoints: ["src/card.ts", "src/panel.ts"],
  splitting: true,
  chunkNames: "part-[hash]",
});
