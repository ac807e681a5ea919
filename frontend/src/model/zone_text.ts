/** Times in UTC and names of zones, for who has to compare them with other clocks. */

import { offsetName } from "./zone";

/** `2026-11-23 18:02:00 UTC` */
export function utcText(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** `2026-11-23 18:02:00 – 18:05:00 UTC`; both days where they differ. */
export function utcSpanText(start: number, end: number): string {
  const first = utcText(start).replace(/ UTC$/, "");
  const last = utcText(end);
  return `${first} – ${first.slice(0, 10) === last.slice(0, 10) ? last.slice(11) : last}`;
}

/** `America/New York` */
export function zoneName(zone: string): string {
  return zone.replaceAll("_", " ");
}

/** `Europe/Amsterdam, UTC+1` at a moment. */
export function zoneText(zone: string, moment: number): string {
  const offset = offsetName(zone, moment);
  return zone === offset ? zone : `${zoneName(zone)}, ${offset}`;
}
