/** Calls of docs/portal-protocol.md, and what came of them. */

import { refusal } from "./portal_wire";
import type { Check } from "./shape";

export type Called<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "not_found" }
  /** Refused for what it holds, or over a limit: the hub's own word for why. */
  | { readonly kind: "refused"; readonly code: string; readonly field: string | null }
  /** No answer that says either. It may have arrived. */
  | { readonly kind: "unreachable" };

export interface Call<T> {
  readonly url: string;
  readonly check: Check<T>;
  readonly token?: string;
  readonly body?: object;
}

const TIMEOUT = 30_000; // milliseconds

function headersOf({ token, body }: Pick<Call<unknown>, "token" | "body">): Record<string, string> {
  return {
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
  };
}

/** Only the hub's own word says that something is not there: who stands in for it knows nothing. */
function missing(said: unknown): Called<never> {
  return refusal(said).error === "not_found" ? { kind: "not_found" } : { kind: "unreachable" };
}

/** Ask once; with a body it is a POST. No cookie goes along, and none is taken. */
export async function callHub<T>(call: Call<T>, get: typeof fetch): Promise<Called<T>> {
  try {
    const answer = await get(call.url, {
      method: call.body === undefined ? "GET" : "POST",
      headers: headersOf(call),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (answer.status === 404) return missing(await answer.json());
    if ([400, 413, 415, 429].includes(answer.status)) {
      const { error, field } = refusal(await answer.json());
      return { kind: "refused", code: error, field };
    }
    if (!answer.ok) return { kind: "unreachable" };
    return { kind: "done", value: call.check(await answer.json()) };
  } catch {
    // A network error, a time-out or an answer that is not the protocol's.
    return { kind: "unreachable" };
  }
}

/** A `fetch` that shows the requester's token: sealed answers are for them alone. */
export function bearing(token: string, get: typeof fetch): typeof fetch {
  return (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("Authorization", `Bearer ${token}`);
    return get(url, { ...init, headers });
  };
}

/** What a personal sign-in link, or what was pasted of it, holds; null if it is none. */
export function tokenOf(typed: string): string | null {
  const token = typed.trim().replace(/^[^#]*#/, "");
  return /^[\w.~-]{16,256}$/.test(token) ? token : null;
}
