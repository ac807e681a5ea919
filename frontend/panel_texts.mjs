/**
 * Cuts the texts of panel and card into parts, which are loaded when they are needed. The
 * texts themselves lie by area: `texts:en/rules` is what that part shows of any of them.
 */

import { build } from "esbuild";

/** What a module of ours exports. */
async function exportsOf(path) {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: "esm", write: false });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

const exported = (name, value) => `export const ${name} = ${JSON.stringify(value)};`;

/** Those that come with a part. */
function partOf(texts, names = []) {
  return Object.fromEntries(names.map((name) => [name, texts[name]]));
}

/** Those that come first; of the others, the places they are put into once they are here. */
function firstOf(texts, later, never) {
  const entries = Object.entries(texts).filter(([name]) => !never.includes(name));
  return Object.fromEntries(
    entries
      .filter(([name, text]) => !later.has(name) || typeof text === "object")
      .map(([name, text]) => [name, later.has(name) ? {} : text]),
  );
}

async function languages() {
  const { LANGUAGES } = await exportsOf("src/model/language.ts");
  const loaders = LANGUAGES.map((name) => `${name}: () => import("texts:${name}")`);
  return `export const LOADERS = {${loaders.join()}};`;
}

async function language(name) {
  const texts = await exportsOf(`src/strings/panel.${name}.ts`);
  const { PART_TEXTS, PAGES_ONLY } = await exportsOf("src/strings/part_texts.ts");
  const first = ["common", "panel"].map((of) => {
    const later = new Set(Object.values(PART_TEXTS).flatMap((part) => part[of] ?? []));
    return exported(of, firstOf(texts[of], later, PAGES_ONLY));
  });
  const loaders = Object.keys(PART_TEXTS).map((part) => `${part}: () => import("texts:${name}/${part}")`);
  return `${first.join("")} export const later = {${loaders.join()}};`;
}

async function part(name, wanted) {
  const texts = await exportsOf(`src/strings/panel.${name}.ts`);
  const { PART_TEXTS } = await exportsOf("src/strings/part_texts.ts");
  return Object.entries(PART_TEXTS[wanted])
    .map(([of, names]) => exported(of, partOf(texts[of], names)))
    .join("");
}

/** `./panel_texts` is all languages, `texts:en` what comes first, `texts:en/rules` what later. */
export const panelTexts = {
  name: "panel texts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^texts:|^\.\/panel_texts$/ }, ({ path }) => ({
      path: path.replace("texts:", ""),
      namespace: "texts",
    }));
    onLoad({ filter: /./, namespace: "texts" }, async ({ path }) => {
      if (path === "./panel_texts") return { contents: await languages() };
      const [name, wanted] = path.split("/");
      return { contents: await (wanted ? part(name, wanted) : language(name)) };
    });
  },
};
