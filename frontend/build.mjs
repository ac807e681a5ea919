/** Builds all that browsers load into the integration's `www`. */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { minifiedTemplates } from "./minified_templates.mjs";
import { panelTexts } from "./panel_texts.mjs";

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
    "src/verify.ts",
    "src/desk_keys.ts",
    "src/public/ask.ts",
    "src/public/starting.ts",
    "src/public/status.ts",
    "src/public/public.css",
    "src/public/ask.html",
    "src/public/no_invite.html",
    "src/public/starting.html",
    "src/public/status.html",
    "src/portal/portal.ts",
    "src/portal/desk.ts",
    "src/portal/portal.css",
    "src/portal/portal.html",
    "src/portal/desk.html",
    "src/licenses.txt",
    ...LANGUAGES.map((language) => `src/strings/pages.${language}.ts`),
    ...LANGUAGES.map((language) => `src/strings/portal.${language}.ts`),
  ],
  loader: { ".html": "copy", ".txt": "copy" },
});

/** Panel and card: parts in common, and parts that are loaded when they are needed. */
await build({
  ...options,
  entryPoints: ["src/card.ts", "src/panel.ts"],
  splitting: true,
  chunkNames: "part-[hash]",
  plugins: [panelTexts, minifiedTemplates],
});

/** The panel of a hub's moderators: few load it, so it is whole in itself. */
await build({ ...options, entryPoints: ["src/hub.ts"], plugins: [minifiedTemplates] });

/** Home Assistant sends these instead to browsers that take them, which all do. */
for (const name of await readdir(OUT)) {
  if (!/^(card|hub|panel|part-\w+)\.js$/.test(name)) continue; // the pages are sent otherwise
  const packed = gzipSync(await readFile(`${OUT}/${name}`), { level: 9 });
  await writeFile(`${OUT}/${name}.gz`, packed);
}
