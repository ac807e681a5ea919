/** The examples of docs/interfaces.md, by name. */

import { readFileSync } from "node:fs";

const page = readFileSync(new URL("../../docs/interfaces.md", import.meta.url), "utf8");
const found = page.matchAll(/<!-- example: (\w+) -->\s*```json\n([\s\S]*?)```/g);
const examples = new Map([...found].map(([, name, json]) => [name, json]));

export function example(name: string): Record<string, unknown> {
  const json = examples.get(name);
  if (json === undefined) throw new Error(`no example ${name}`);
  return JSON.parse(json) as Record<string, unknown>;
}
