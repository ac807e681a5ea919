/** Sending a request: tried again on trouble, always with the same key. */

import { id, object, time, type Checked } from "./shape";

const received = object({ id, look_again_until: time });
export type Received = Checked<typeof received>;

export type Sent =
  | ({ readonly kind: "received" } & Received)
  /** The server will not take it: the link is dead, or the content is refused. */
  | { readonly kind: "refused"; readonly why: "not_found" | "content" }
  /** No answer that says either. It may have arrived. */
  | { readonly kind: "unreachable" };

export interface World {
  readonly fetch: typeof fetch;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const PAUSES = [1_000, 3_000]; // milliseconds before the second and third attempt
const TIMEOUT = 30_000; // milliseconds

/** Post the body; the server knows it again by its recipient and gives the same answer. */
export async function send(url: string, body: object, world: World): Promise<Sent> {
  for (const pause of PAUSES) {
    const sent = await attempt(url, body, world);
    if (sent.kind !== "unreachable") return sent;
    await world.wait(pause);
  }
  return attempt(url, body, world);
}

async function attempt(url: string, body: object, world: World): Promise<Sent> {
  try {
    const answer = await world.fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (answer.status === 404) return { kind: "refused", why: "not_found" };
    if ([400, 413, 415].includes(answer.status)) return { kind: "refused", why: "content" };
    if (answer.status !== 202) return { kind: "unreachable" };
    return { kind: "received", ...received(await answer.json()) };
  } catch {
    // A network error, a time-out or an answer that is not ours: all may have arrived.
    return { kind: "unreachable" };
  }
}
