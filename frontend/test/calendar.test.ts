import { describe, expect, it } from "vitest";

import { calendarOf, reminders } from "../src/model/calendar";

const NOW = Date.UTC(2026, 10, 23, 19, 2, 30);
const DAY = 86_400_000;
const titles = { first: "Look", last: "Last day" };

describe("when to look again", () => {
  it("is tomorrow, and the day before it is too late", () => {
    expect(reminders(NOW, NOW + 14 * DAY, titles)).toEqual([
      { title: "Look", at: NOW + DAY },
      { title: "Last day", at: NOW + 13 * DAY },
    ]);
  });

  it("is once where there is little time, and never where there is none", () => {
    expect(reminders(NOW, NOW + 2 * DAY, titles)).toEqual([{ title: "Look", at: NOW + DAY }]);
    expect(reminders(NOW, NOW + DAY, titles)).toEqual([]);
    expect(reminders(NOW, NOW - DAY, titles)).toEqual([]);
  });
});

describe("the calendar file", () => {
  const made = { now: NOW, uid: () => "u1" };
  const file = calendarOf([{ title: "Look, now; or \\ later", at: NOW + DAY }], "One\nTwo", made);

  it("has its lines ended and its words escaped", () => {
    expect(file.endsWith("END:VCALENDAR\r\n")).toBe(true);
    expect(file.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(file).toContain("SUMMARY:Look\\, now\\; or \\\\ later\r\n");
    expect(file).toContain("DESCRIPTION:One\\nTwo\r\n");
    expect(file).toContain("DTSTAMP:20261123T190230Z\r\n");
    expect(file).toContain("DTSTART:20261124T190230Z\r\nDTEND:20261124T193230Z\r\n");
    expect(file).toContain("UID:u1\r\n");
  });

  it("folds long lines behind whole characters", () => {
    const title = "é😀".repeat(60);
    const long = calendarOf([{ title, at: NOW }], "x".repeat(200), made);
    const lines = long.split("\r\n");
    const octets = lines.map((line) => new TextEncoder().encode(line).length);
    expect(Math.max(...octets)).toBeLessThanOrEqual(75);
    expect(long.replaceAll("\r\n ", "")).toContain(`SUMMARY:${title}\r\n`);
    expect(long.replaceAll("\r\n ", "")).toContain(`DESCRIPTION:${"x".repeat(200)}\r\n`);
  });
});
