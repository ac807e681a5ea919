/** A hub's public log: whether it is whole and unchanged, and what stands in it. */

import { HubError, type Tools } from "./portal_keys";
import {
  note,
  parseText,
  readItem,
  restored,
  tombstone,
  type Item,
  type Recorded,
  type SignedHead,
} from "./portal_wire";

const ZEROS = "0".repeat(64);

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const MAY_GO = ["published", "note"]; // whose text may be taken away
const HASHED = ["at", "digest", "id", "kind", "n", "previous", "target"]; // as canonical JSON sorts them

/** The hash of an entry: over the canonical JSON of its other fields. */
export function hashOf(fields: Readonly<Record<string, unknown>>, { sha256 }: Tools): string {
  const sorted = Object.fromEntries(HASHED.map((name) => [name, fields[name]]));
  return hex(sha256(new TextEncoder().encode(JSON.stringify(sorted))));
}

/**
 * Hold a whole log to its signed head: each entry follows from the one before, each text is
 * the one that was published, none is gone but what somebody wrote, with a tombstone behind it.
 * Throws HubError.
 */
export function checkLog(log: readonly Recorded[], head: SignedHead, tools: Tools): void {
  let before = ZEROS;
  for (const [index, { entry, beside }] of log.entries()) {
    const { n, previous, hash, fields } = entry;
    if (n !== index + 1 || previous !== before || hash !== hashOf(fields, tools)) {
      throw new HubError("chain", index + 1);
    }
    if (beside) {
      const said = joined(bytesOf(beside.salt), new TextEncoder().encode(beside.text));
      if (hex(tools.sha256(said)) !== entry.digest) throw new HubError("text", n);
    } else if (!MAY_GO.includes(entry.kind) || !redactedAt(log, n)) {
      throw new HubError("untold", n);
    }
    before = hash;
  }
  if (head.n !== log.length || head.hash !== before) throw new HubError("head", head.n);
}

const TERMS = ["name", "operator", "contact", "cells", "neighbours_may_ask", "rules", "limits"];

/** The same for the same JSON, in whatever order its fields come. */
function spelt(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/**
 * Hold what a hub says of its rules and limits now to the newest of them in its log.
 * Throws HubError `terms`.
 */
export function checkTerms(log: readonly Recorded[], info: Readonly<Record<string, unknown>>): void {
  const last = log.findLast(({ entry }) => entry.kind === "terms");
  const terms = last?.beside ? parseText(last.beside.text) : {};
  const differs = TERMS.some((name) => spelt(terms[name]) !== spelt(info[name]));
  if (log.length > 0 && differs) throw new HubError("terms", last?.entry.n);
}

function redactedAt(log: readonly Recorded[], n: number): Recorded | undefined {
  return log.find(({ entry }) => entry.kind === "redacted" && entry.target === n && entry.n > n);
}

/** Who took a text away, when (milliseconds since 1970), and why. */
export interface Tombstone {
  readonly who: string;
  readonly why: string;
  readonly at: number;
}

export interface Note {
  readonly n: number;
  readonly at: number;
  readonly text: string | null;
  readonly tombstone: Tombstone | null;
}

export type State = "open" | "expired" | "resolved" | "withdrawn" | "redacted";

/** `hub`: for a reason that is not known here. */
export type Ending = "requester_gone" | "hub";

export interface Published {
  readonly n: number;
  readonly id: string;
  readonly at: number;
  /** Null where its text was redacted, or is of a kind that is not known here. */
  readonly item: Item | null;
  readonly tombstone: Tombstone | null;
  readonly state: State;
  /** When it was resolved or withdrawn. */
  readonly overAt: number | null;
  /** Why the hub ended it itself; null where whoever asked did, or nobody. */
  readonly ending: Ending | null;
  readonly notes: readonly Note[];
}

function tombstoneOf(log: readonly Recorded[], n: number): Tombstone | null {
  const found = redactedAt(log, n);
  if (!found) return null;
  // a tombstone is never redacted itself, but a hub may do anything
  const said = found.beside ? tombstone(parseText(found.beside.text)) : { who: "", why: "" };
  return { ...said, at: Date.parse(found.entry.at) };
}

function notesOf(log: readonly Recorded[], id: string): Note[] {
  return log
    .filter(({ entry }) => entry.kind === "note" && entry.id === id)
    .map(({ entry: { n, at }, beside }) => ({
      n,
      at: Date.parse(at),
      text: beside && note(parseText(beside.text)).text,
      tombstone: beside ? null : tombstoneOf(log, n),
    }));
}

function stateOf(item: Item | null, gone: boolean, over: string | undefined, now: number): State {
  if (gone) return "redacted";
  if (over === "resolved" || over === "withdrawn") return over;
  return item && item.expires_at <= now ? "expired" : "open";
}

function endingOf(over: Recorded | undefined): Ending | null {
  const said = over?.beside ? parseText(over.beside.text) : {};
  if (said["by"] !== "hub") return null;
  return said["reason"] === "requester_gone" ? "requester_gone" : "hub";
}

/** Everything that was ever published, newest first. Throws ShapeError for a strange text. */
export function published(log: readonly Recorded[], now: number): Published[] {
  const all = log.flatMap(({ entry, beside }): Published[] => {
    const { n, id, at, kind } = entry;
    if (kind !== "published" || id === null) return [];
    const over = log.find(
      ({ entry: later }) => later.target === n && ["resolved", "withdrawn"].includes(later.kind),
    );
    const item = beside && readItem(parseText(beside.text));
    return [
      {
        n,
        id,
        at: Date.parse(at),
        item,
        tombstone: beside ? null : tombstoneOf(log, n),
        state: stateOf(item, beside === null, over?.entry.kind, now),
        overAt: over ? Date.parse(over.entry.at) : null,
        ending: endingOf(over),
        notes: notesOf(log, id),
      },
    ];
  });
  return all.reverse();
}

/** That the hub went on from a backup: by entry `n`, after it had published `lost`, null if unknown. */
export interface Restored {
  readonly n: number;
  readonly at: number;
  readonly lost: number | null;
}

/** Every time that a hub lost what it had published, oldest first. Throws ShapeError. */
export function restorations(log: readonly Recorded[]): Restored[] {
  return log
    .filter(({ entry }) => entry.kind === "restored")
    .map(({ entry: { n, at }, beside }) => ({
      n,
      at: Date.parse(at),
      lost: beside && restored(parseText(beside.text)).n,
    }));
}
