/** A hub's keys, held to its log: section 1 of docs/portal-protocol.md. */

import { HubError } from "./portal_keys";
import { named, parseText, type Recorded, type SignedHead } from "./portal_wire";

interface Named {
  readonly n: number;
  readonly rotation: string;
}

function namedIn(log: readonly Recorded[]): Named[] {
  return log
    .filter(({ entry }) => entry.kind === "key")
    .map(({ entry: { n }, beside }) => {
      if (!beside) throw new HubError("untold", n);
      return { n, rotation: named(parseText(beside.text), "text").rotation };
    });
}

/**
 * The rotations that a log has, in its order: who takes its keys from here alone is told of
 * every key that followed. Throws HubError `untold` where one is gone, or ShapeError.
 */
export function rotationsIn(log: readonly Recorded[]): string[] {
  return namedIn(log).map(({ rotation }) => rotation);
}

/**
 * Hold what a hub says of its keys to its log, which may have grown since: its rotations are
 * exactly those that the log had by the head beside them. Throws HubError `head` for that of
 * another log, `keys` for other keys.
 */
export function checkKeys(log: readonly Recorded[], rotations: readonly string[], head: SignedHead): void {
  const last = log[head.n - 1]?.entry.hash;
  if (head.n > 0 && last !== head.hash) throw new HubError("head", head.n);
  const had = namedIn(log).filter(({ n }) => n <= head.n);
  const same = had.length === rotations.length && had.every(({ rotation }, at) => rotation === rotations[at]);
  if (!same) throw new HubError("keys");
}
