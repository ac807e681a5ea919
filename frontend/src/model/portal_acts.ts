/** What a requester can still do with a request: what the hub takes, and nothing else. */

import type { DeskRequest } from "./portal_wire";

export type ActKind = "resolve" | "withdraw" | "note";

const OPEN: readonly ActKind[] = ["note", "resolve", "withdraw"];

/** In the order of their buttons. One that is over takes nothing: the hub answers as for none. */
export function actsOf(state: DeskRequest["state"]): readonly ActKind[] {
  if (state === "open") return OPEN;
  return state === "moderation" ? ["withdraw"] : [];
}
