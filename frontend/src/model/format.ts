/** Times, lengths and sizes as people read them. */

export interface Manner {
  /** Language tag for dates and numbers. */
  readonly locale: string;
  /** IANA name of the time zone that local times are told in. */
  readonly zone: string;
  /** Whether the clock has 12 hours; left to the language if not set. */
  readonly hour12?: boolean;
}

/** To make one takes a browser longer than to write a hundred times with it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(manner: Manner, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const { locale, zone, hour12 } = manner;
  const key = JSON.stringify([locale, zone, hour12, options]);
  let known = formatters.get(key);
  if (!known) {
    const hours = hour12 === undefined ? {} : { hour12 };
    known = new Intl.DateTimeFormat(locale, { timeZone: zone, ...hours, ...options });
    formatters.set(key, known);
  }
  return known;
}

const MINUTE = 60_000; // milliseconds

const DAY_PARTS = { weekday: "short", day: "numeric", month: "long", year: "numeric" } as const;

function clockParts(seconds: boolean): Intl.DateTimeFormatOptions {
  const parts = { hour: "2-digit", minute: "2-digit" } as const;
  return seconds ? { ...parts, second: "2-digit" } : parts;
}

/** `Mon, 23 November 2026` */
export function day(moment: number, manner: Manner): string {
  return formatter(manner, DAY_PARTS).format(moment);
}

/** `19:02`, or `19:02:30` */
export function clock(moment: number, manner: Manner, seconds = false): string {
  return formatter(manner, clockParts(seconds)).format(moment);
}

/** `Mon, 23 November 2026, 19:02` */
export function dayAndClock(moment: number, manner: Manner, seconds = false): string {
  return `${day(moment, manner)}, ${clock(moment, manner, seconds)}`;
}

/**
 * `Mon, 23 November 2026, 19:02 – 19:05`; both days where they differ, and seconds where
 * both ends would read alike without.
 */
export function spanText(start: number, end: number, manner: Manner, seconds = false): string {
  const fine = seconds || Math.floor(start / MINUTE) === Math.floor(end / MINUTE);
  const last =
    day(start, manner) === day(end, manner)
      ? clock(end, manner, fine)
      : dayAndClock(end, manner, fine);
  return `${dayAndClock(start, manner, fine)} – ${last}`;
}

/** `H.264, VP9 and AV1` */
export function listText(parts: readonly string[], locale: string): string {
  return new Intl.ListFormat(locale).format(parts);
}

/** A moment as the wire has it: `2026-11-23T18:02:00Z`, thousandths only where there are any. */
export function wireTime(moment: number): string {
  return new Date(moment).toISOString().replace(".000Z", "Z");
}

function unit(value: number, name: string, locale: string, digits = 0): string {
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: name,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

/** `3 min 2 s`, `45 s`, `1 h 5 min` */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = (
    [
      [Math.floor(whole / 3600), "hour"],
      [Math.floor(whole / 60) % 60, "minute"],
      [whole % 60, "second"],
    ] as const
  ).filter(([value]) => value > 0);
  if (parts.length === 0) return unit(0, "second", locale);
  return parts.map(([value, name]) => unit(value, name, locale)).join(" ");
}

/** `1.8 MB`, `812 kB` */
export function bytes(size: number, locale: string): string {
  if (size < 1000) return unit(size, "byte", locale);
  if (size < 999_500) return unit(size / 1e3, "kilobyte", locale);
  if (size < 999_950_000) return unit(size / 1e6, "megabyte", locale, 1);
  return unit(size / 1e9, "gigabyte", locale, 1);
}

/** `320 m`, `1.25 km`, `12 km` */
export function metres(length: number, locale: string): string {
  if (length < 999.5) return unit(length, "meter", locale);
  return unit(length / 1e3, "kilometer", locale, length < 9_995 ? 2 : 0);
}

export function percent(part: number, locale: string): string {
  const share = Math.min(1, Math.max(0, part));
  return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}
