/** The one way to the WebSocket commands: named, typed, answers checked. */

import {
  approveAnswer,
  caseAnswer,
  historyAnswer,
  ledgerAnswer,
  pickupAnswer,
  testAnswer,
  thumbnailsAnswer,
  triedAnswer,
  type Cursor,
} from "./wire";
import type { Wanted } from "./history";
import type { MadeUp } from "./rules";
import { object, record, type Check, type Checked } from "./shape";

/** What we use of Home Assistant's `hass`. */
export interface Caller {
  callWS(message: { type: string } & Record<string, unknown>): Promise<unknown>;
}

interface Command<F, T> {
  readonly type: string;
  readonly answer: Check<T>;
  /** Only for its type. */
  readonly fields?: F;
}

function command<F>() {
  return <T>(name: string, answer: Check<T>): Command<F, T> => ({
    type: `clip_consent/${name}`,
    answer,
  });
}

interface Pick {
  case_id: string;
  camera_id: string;
  start: string;
  end: string;
  audio: boolean;
  playable: boolean;
}

export const COMMANDS = {
  thumbnails: command<{ case_id: string; camera_id: string; times: string[] }>()(
    "thumbnails",
    thumbnailsAnswer,
  ),
  prepare: command<Pick>()("prepare", caseAnswer),
  approve: command<{ offer_id: string; sha256: string }>()("approve", approveAnswer),
  undo: command<{ case_id: string }>()("undo", caseAnswer),
  decline: command<{ case_id: string }>()("decline", caseAnswer),
  answer: command<{ case_id: string; text: string }>()("answer", caseAnswer),
  pickupKey: command<{ case_id: string; recipient: string }>()("pickup_key", pickupAnswer),
  history: command<{ before: Cursor | null; limit: number } & Partial<Wanted>>()(
    "history",
    historyAnswer,
  ),
  ledger: command<{ before: number | null; limit: number }>()("ledger", ledgerAnswer),
  revoke: command<{ delivery_id: string }>()("revoke", caseAnswer),
  tryRules: command<{ request: MadeUp | null }>()("try_rules", triedAnswer),
  testRequest: command<{ recipient: string }>()("test_request", testAnswer),
};
export type CommandName = keyof typeof COMMANDS;
export type FieldsOf<N extends CommandName> = NonNullable<(typeof COMMANDS)[N]["fields"]>;
export type AnswerOf<N extends CommandName> = Checked<(typeof COMMANDS)[N]["answer"]>;

/** Call a command; rejects as `callWS` does, or with a ShapeError. */
export async function call<N extends CommandName>(
  caller: Caller,
  name: N,
  fields: FieldsOf<N>,
): Promise<AnswerOf<N>> {
  const { type, answer } = COMMANDS[name];
  return answer(await caller.callWS({ type, ...fields }), name) as AnswerOf<N>;
}

const exported = object({ response: record });

/** The whole ledger as the action exports it; rejects as `callWS` does, or with a ShapeError. */
export async function exportLedger(caller: Caller): Promise<Record<string, unknown>> {
  const answer = await caller.callWS({
    type: "call_service",
    domain: "clip_consent",
    service: "export_ledger",
    return_response: true,
  });
  return exported(answer, "export_ledger").response;
}
