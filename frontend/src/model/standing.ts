/** What is to become, or became, of the draft that is shown. */

import type { Case } from "./wire";

export type Standing = "would" | "will" | "was" | "handed" | "over";

export function standingOf({ state, draft, deliveries, request }: Case): Standing {
  if (state === "consented" || state === "sealed") return "will";
  if (state !== "shared" && state !== "closed") return "would";
  // A case that was shared can be opened for another clip, and end without it.
  const went = deliveries.some((one) => one.sha256 === draft?.sha256 && one.delivered_at !== null);
  if (!went) return "over";
  return request.way === "hand_over" ? "handed" : "was";
}
