/** Clock time in a named time zone, and back. A wall time is milliseconds as if it were UTC. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (!made) {
    made = new Intl.DateTimeFormat("en", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, made);
  }
  return made;
}

/** The wall time of a moment, to the second. */
export function wallOf(zone: string, moment: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format(zone).formatToParts(moment)) part[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far the zone is ahead of UTC at a moment, in minutes. */
export function offsetAt(zone: string, moment: number): number {
  const whole = Math.floor(moment / 1000) * 1000;
  return (wallOf(zone, whole) - whole) / MINUTE;
}

/**
 * The moments at which the clock shows this wall time, earliest first: one, none when
 * the clock is put forward over it, two when it is put back over it.
 */
export function momentsOf(zone: string, wall: number): number[] {
  const offsets = new Set([offsetAt(zone, wall - DAY), offsetAt(zone, wall + DAY)]);
  return [...offsets]
    .map((offset) => wall - offset * MINUTE)
    .filter((moment) => wallOf(zone, moment) === wall)
    .sort((a, b) => a - b);
}

/** Read `2026-11-23` and `19:02` or `19:02:30`; null if either is not that. */
export function parseWall(date: string, clock: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d(:\d\d)?$/.test(clock)) return null;
  const wall = Date.parse(`${date}T${clock.length === 5 ? `${clock}:00` : clock}Z`);
  return Number.isNaN(wall) ? null : wall;
}

/** `2026-11-23` of a wall time. */
export function wallDate(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

/** `19:02:30` of a wall time. */
export function wallClock(wall: number): string {
  return new Date(wall).toISOString().slice(11, 19);
}

/** `UTC+1`, `UTC−3:30`, `UTC` at a moment. */
export function offsetName(zone: string, moment: number): string {
  const offset = offsetAt(zone, moment);
  if (offset === 0) return "UTC";
  const minutes = Math.abs(offset) % 60;
  const hours = Math.floor(Math.abs(offset) / 60);
  return `UTC${offset < 0 ? "−" : "+"}${hours}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}`;
}

export interface Area {
  readonly area: string;
  readonly zones: readonly { readonly zone: string; readonly town: string }[];
}

/**
 * The named zones by area, in their order, each under its town: so letters typed into a
 * list find it. Zones that are no place are left out; the sign of `Etc/GMT+5` misleads.
 */
export function zonesByArea(known: readonly string[]): Area[] {
  const areas = new Map<string, { zone: string; town: string }[]>();
  for (const zone of known) {
    const [area = "", ...rest] = zone.replaceAll("_", " ").split("/");
    if (rest.length === 0 || area === "Etc") continue;
    const zones = areas.get(area) ?? [];
    areas.set(area, [...zones, { zone, town: rest.reverse().join(", ") }]);
  }
  return [...areas].map(([area, zones]) => ({ area, zones }));
}
