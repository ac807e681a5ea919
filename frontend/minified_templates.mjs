/** Minifies what stands in templates, which esbuild itself leaves as it is. */

import { readFile } from "node:fs/promises";

import { transform } from "esbuild";

/** A sheet without values put in. */
const SHEET = /\bcss`([^`$\\]*)`/g;

/** How a template is indented: where a line begins anew, one break says as much. */
const INDENT = /\n\s+/g;

async function minified(sheet) {
  const { code } = await transform(sheet, { loader: "css", minify: true });
  return `css\`${code.trim()}\``;
}

export const minifiedTemplates = {
  name: "minified templates",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const sheets = [...source.matchAll(SHEET)];
      const small = await Promise.all(sheets.map(([, sheet]) => minified(sheet)));
      const contents = source.replace(SHEET, () => small.shift()).replace(INDENT, "\n");
      return { contents, loader: "ts" };
    });
  },
};
