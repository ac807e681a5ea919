/** The owner's rules, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/rules";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  rules: {
    title: "Deine Regeln",
    text: "Sie werden von der kleinsten Nummer zur größten gelesen. Die erste, die passt, entscheidet; die Grenzen aller, die passen, gelten. Keine Regel gibt etwas frei.",
    none: "Keine Regel passt",
    verdicts: { ask: "Du wirst gefragt", list: "Sie kommt in die Liste, ohne Benachrichtigung", ignore: "Sie wird ignoriert" },
    decided: {
      one: "Hat eine der letzten 50 Anfragen entschieden",
      other: "Hat {n} der letzten 50 Anfragen entschieden",
    },
    fits: "Passt, wenn dies zutrifft:",
    allows: "Erlaubt:",
    decidedNone: "Hat keine der letzten 50 Anfragen entschieden",
    change: "Regeln ändern",
    tryTitle: "Ausprobieren",
    tryText: "Was würden die Regeln hierzu sagen? Nichts davon wird behalten, und niemand wird gefragt.",
    trust: "Wie sie dich erreicht haben",
    kind: "Fragt an als",
    start: "Aufnahmen von",
    end: "Aufnahmen bis",
    received: "Sie kommt um (leer: jetzt)",
    cameras: "Die Einladung gilt für diese Kameras",
    areaRadius: "Gebiet: Radius in Metern (leer: kein Gebiet)",
    distance: "Gebiet: Meter vom Zuhause zu seinem nächsten Rand (0: das Zuhause liegt darin)",
    caseNumber: "Aktenzeichen",
    words: "Was sie schreiben",
    wrong: {
      time: "Gib zwei Zeitpunkte an, die es gibt.",
      order: "Das Ende muss nach dem Anfang liegen.",
      metres: "Gib ganze Meter an, zum Beispiel 250.",
      radius: "Der Radius eines Gebiets beträgt {least} bis {most} Meter.",
      needsRadius: "Zu einer Entfernung gehört ein Radius.",
      far: "Das Gebiet kann höchstens {km} km vom Zuhause entfernt sein.",
    },
    try: "Die Regeln fragen",
  },
};
