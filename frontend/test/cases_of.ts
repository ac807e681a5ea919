/** A case as the page documents it, with changes. */

import { oneCase, type Case } from "../src/model/wire";
import { example } from "./examples";

export function aCase(changes: Partial<Case> = {}): Case {
  return { ...oneCase(example("case")), ...changes };
}

export const at = (clock: string): number => Date.parse(`2026-11-23T${clock}Z`);
