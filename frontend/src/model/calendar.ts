/** A calendar file for when to look again (RFC 5545). No link and no key stand in it. */

const DAY = 24 * 60 * 60_000; // milliseconds
const HALF_HOUR = 30 * 60_000; // milliseconds
const FOLD = 75; // octets of a line, without its end

export interface Reminder {
  readonly title: string;
  readonly at: number;
}

/** Tomorrow at this time and, if that is later, a day before it is too late. */
export function reminders(
  now: number,
  until: number,
  titles: { readonly first: string; readonly last: string },
): readonly Reminder[] {
  const [first, last] = [now + DAY, until - DAY];
  const found = [
    { title: titles.first, at: first },
    { title: titles.last, at: last },
  ];
  return found.filter(({ at }, index) => at > now && at < until && (index === 0 || at > first));
}

/** The file's text: each reminder is half an hour that sounds when it begins. */
export function calendarOf(
  events: readonly Reminder[],
  text: string,
  made: { readonly now: number; readonly uid: () => string },
): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Clip Consent//Request for camera footage//EN",
    ...events.flatMap(({ title, at }) => [
      "BEGIN:VEVENT",
      `UID:${made.uid()}`,
      `DTSTAMP:${utc(made.now)}`,
      `DTSTART:${utc(at)}`,
      `DTEND:${utc(at + HALF_HOUR)}`,
      `SUMMARY:${escaped(title)}`,
      `DESCRIPTION:${escaped(text)}`,
      "TRANSP:TRANSPARENT",
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      `DESCRIPTION:${escaped(title)}`,
      "TRIGGER:PT0S",
      "END:VALARM",
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function utc(moment: number): string {
  return `${new Date(moment).toISOString().replace(/[-:]/g, "").slice(0, 15)}Z`;
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
}

/** Fold a line behind whole characters, never within one. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = "";
  let size = 0;
  for (const character of line) {
    const octets = new TextEncoder().encode(character).length;
    if (size + octets > FOLD) {
      parts.push(part);
      [part, size] = ["", 1]; // the space that goes before it
    }
    part += character;
    size += octets;
  }
  return [...parts, part].join("\r\n ");
}
