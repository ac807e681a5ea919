/** How times are told in the panel: as the user set it up, in the home's time zone. */

import type { Manner } from "./format";
import { localeOf } from "./language";

export interface UserLocale {
  readonly language?: string;
  readonly time_format?: string;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // a browser older than the zone
  }
}

export function mannerOf(user: UserLocale | undefined, zone: string): Manner {
  const locale = localeOf(user?.language === undefined ? [] : [user.language]);
  const here = isZone(zone) ? zone : "UTC";
  const clock = user?.time_format;
  return clock === "12" || clock === "24"
    ? { locale, zone: here, hour12: clock === "12" }
    : { locale, zone: here };
}
