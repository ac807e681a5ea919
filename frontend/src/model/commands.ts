/** The WebSocket commands: named, typed, each with what its answer has to be. */

import {
  anyAnswer,
  approveAnswer,
  caseAnswer,
  clipsAnswer,
  historyAnswer,
  keyTimesAnswer,
  ledgerAnswer,
  pickupAnswer,
  testAnswer,
  thumbnailsAnswer,
  triedAnswer,
  type Cursor,
} from "./answers";
import type { Caller, Command } from "./call";
import type { Sought as SoughtCases } from "./history";
import type { Sought } from "./ledger_find";
import { neighboursAnswer, ownAnswer, type Asking } from "./neighbours";
import type { MadeUp } from "./rules";
import { object, record, type Check } from "./shape";

function command<F>() {
  return <T>(name: string, answer: Check<T>): Command<F, T> => ({
    type: `clip_consent/${name}`,
    answer,
  });
}

/** Left, top, right and bottom of a region. */
type Corners = [number, number, number, number];

interface Pick {
  case_id: string;
  camera_id: string;
  start: string;
  end: string;
  audio: boolean;
  playable: boolean;
  identity: string;
  exact: boolean;
  masks: Corners[];
}

export const COMMANDS = {
  findClips: command<{ camera_id: string; start: string; end: string }>()(
    "find_clips",
    clipsAnswer,
  ),
  thumbnails: command<{ case_id: string; camera_id: string; times: string[] }>()(
    "thumbnails",
    thumbnailsAnswer,
  ),
  keyTimes: command<{ case_id: string; camera_id: string; at: string }>()(
    "key_times",
    keyTimesAnswer,
  ),
  prepare: command<Pick>()("prepare", caseAnswer),
  approve: command<{ offer_id: string; sha256: string }>()("approve", approveAnswer),
  undo: command<{ case_id: string }>()("undo", caseAnswer),
  decline: command<{ case_id: string }>()("decline", caseAnswer),
  answer: command<{ case_id: string; text: string; identity: string }>()("answer", caseAnswer),
  pickupKey: command<{ case_id: string; recipient: string }>()("pickup_key", pickupAnswer),
  history: command<{ before: Cursor | null; limit: number } & Partial<SoughtCases>>()(
    "history",
    historyAnswer,
  ),
  ledger: command<{ before: number | null; limit: number } & Sought>()("ledger", ledgerAnswer),
  revoke: command<{ delivery_id: string }>()("revoke", caseAnswer),
  setCameraMasks: command<{ camera_id: string; masks: Corners[]; add: true }>()(
    "set_camera_masks",
    anyAnswer,
  ),
  tryRules: command<{ request: MadeUp | null }>()("try_rules", triedAnswer),
  neighbours: command<object>()("neighbours", neighboursAnswer),
  askNeighbours: command<Asking>()("ask_neighbours", ownAnswer),
  endOwnRequest: command<{ request_id: string; how: "withdrawn" | "resolved" }>()(
    "end_own_request",
    ownAnswer,
  ),
  noteOwnRequest: command<{ request_id: string; text: string }>()("note_own_request", ownAnswer),
  seeAnswers: command<object>()("see_answers", anyAnswer),
  forgetOwnRequest: command<{ request_id: string }>()("forget_own_request", anyAnswer),
  testRequest: command<{ recipient: string }>()("test_request", testAnswer),
};
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
