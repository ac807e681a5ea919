/** The one way to the WebSocket commands; which there are stands in `commands`. */

import type { LanguageName } from "./language";
import type { Check } from "./shape";

/** What we use of Home Assistant's `hass`. */
export interface Caller {
  callWS(message: { type: string } & Record<string, unknown>): Promise<unknown>;
}

export interface Command<F, T> {
  readonly type: string;
  readonly answer: Check<T>;
  /** Only for its type. */
  readonly fields?: F;
}

/**
 * Call a command; its sentences come in `language`. Rejects as `callWS` does, or with a
 * ShapeError.
 */
export async function call<F extends object, T>(
  caller: Caller,
  { type, answer }: Command<F, T>,
  fields: F,
  language: LanguageName,
): Promise<T> {
  return answer(await caller.callWS({ type, language, ...fields }), type);
}
