/** Notices of the neighbourhood, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/notices";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  notices: {
    empty: "Keine Mitteilung aus deiner Nachbarschaft ist offen.",
    from: { operator: "Vom Betreiber von „{hub}“", neighbour: "Aus der Nachbarschaft, über „{hub}“" },
    published: "veröffentlicht {when}",
    until: "Zu sehen bis {when}.",
    words: "Fremde Worte. Links und Anweisungen darin sind nicht von uns.",
    dismiss: "Weglegen",
    comment: {
      title: "Kommentieren",
      text: "Dein Kommentar",
      hint: "Nur wer die Mitteilung geschrieben hat, kann ihn lesen. Du siehst ihn noch einmal, bevor etwas gesendet wird.",
      prepare: "Kommentar vorbereiten",
      identity: "Nur wer die Mitteilung geschrieben hat, kann es lesen. In deinen eigenen Worten, zum Beispiel dein Name und wie man dich erreicht.",
    },
    send: {
      title: "Mitteilung einreichen",
      lead: "Sollten deine Nachbarn etwas wissen? Zuerst liest es die Moderation des Hubs. Ist es veröffentlicht, können es alle lesen, und es bleibt im öffentlichen Protokoll des Hubs. Kein Name geht mit.",
      hub: "Hub",
      name: "Titel",
      text: "Was sollten sie wissen?",
      limits: "Höchstens {title} Zeichen für den Titel und {text} für den Text. Ein Hub nimmt von einer Adresse einige Mitteilungen am Tag an.",
      for: "Für wen ist sie?",
      near: "Häuser in deiner Nähe",
      all: "Alle Häuser des Hubs",
      nearOnly: "Sie ist für die Häuser in deiner Nähe.",
      comments: "Andere dürfen sie kommentieren: Lesen können es nur die Freigebenden dieses Hauses",
      button: "An die Moderation senden",
      done: "Eingereicht. Du kannst sie einige Sekunden lang zurücknehmen.",
      needed: "Gib einen Titel und einen Text ein.",
      titleLong: "Der Titel ist zu lang. {title} Zeichen sind möglich.",
      textLong: "Der Text ist zu lang. {text} Zeichen sind möglich.",
    },
    written: "Von hier eingereicht",
    states: { waiting: "wartet auf den Versand", sent: "bei der Moderation", refused: "nicht angenommen" },
    atHub: {
      waiting: "bei der Moderation",
      open: "veröffentlicht",
      expired: "vorbei",
      resolved: "vorbei",
      withdrawn: "zurückgezogen",
      redacted: "ihr Text wurde aus dem Protokoll genommen",
      unpublished: "niemand hat sie veröffentlicht",
    },
    comments: "Kommentare",
    says: "Sagt, wer es ist:",
    noComments: "Noch kein Kommentar ist gekommen.",
    takeBack: "Zurücknehmen",
  },
};
