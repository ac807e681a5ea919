/** The examples of docs/interfaces.md and docs/portal-protocol.md, by name. */

import { readFileSync } from "node:fs";

const pages = ["interfaces.md", "portal-protocol.md"].map((name) =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8"),
);
const found = pages.join("\n").matchAll(/<!-- example: (\w+) -->\s*```json\n([\s\S]*?)```/g);
const examples = new Map([...found].map(([, name, json]) => [name, json]));

export function example(name: string): Record<string, unknown> {
  const json = examples.get(name);
  if (json === undefined) throw new Error(`no example ${name}`);
  return JSON.parse(json) as Record<string, unknown>;
}
