/** What the status page is told, and the little it makes of it. */

import { id, list, number, object, oneOf, time, type Checked } from "./shape";

const delivery = object({ id, size: number, available_until: time });
export type StatusDelivery = Checked<typeof delivery>;

export const publicStatus = object({
  status: oneOf(["received"]),
  look_again_until: time,
  deliveries: list(delivery),
});
export type PublicStatus = Checked<typeof publicStatus>;

export type Looked =
  | { readonly kind: "status"; readonly status: PublicStatus }
  | { readonly kind: "not_found" }
  | { readonly kind: "unreachable" };

/** Ask for the status once. */
export async function look(url: string, get: typeof fetch): Promise<Looked> {
  try {
    const answer = await get(url, { credentials: "omit", redirect: "error", cache: "no-store" });
    if (answer.status === 404) return { kind: "not_found" };
    if (!answer.ok) return { kind: "unreachable" };
    return { kind: "status", status: publicStatus(await answer.json()) };
  } catch {
    return { kind: "unreachable" };
  }
}

export const LOOK_EVERY = 120_000; // milliseconds; never faster than once a minute

/** Whether to look again by itself: only a page that is seen, only until the date. */
export function looksAgain(
  last: Looked,
  lastAt: number,
  now: number,
  visible: boolean,
): boolean {
  if (!visible || now - lastAt < LOOK_EVERY || last.kind === "not_found") return false;
  return last.kind === "unreachable" || now < last.status.look_again_until;
}
