/** Days on the home's clock, as the wire has moments. */

import { wireTime } from "./format";
import { momentsOf, parseWall } from "./zone";

const HOUR = 3_600_000; // milliseconds
const DAY = 24 * HOUR;

/** When a day begins, or one some days later; null if there is no such day. */
export function midnight(day: string, later: number, zone: string): string | null {
  const wall = parseWall(day, "00:00");
  if (wall === null) return null;
  const begins = wall + later * DAY;
  // where the clock is put forward over midnight, the day begins an hour later
  const [moment] = [...momentsOf(zone, begins), ...momentsOf(zone, begins + HOUR)];
  return moment === undefined ? null : wireTime(moment);
}
