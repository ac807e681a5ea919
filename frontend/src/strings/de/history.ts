/** What was: requests that are over, and what was shared, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/history";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  deliveries: {
    title: "Was du geteilt hast",
    what: "Was",
    words: "Eine Antwort in Worten",
    receipt: "Beleg speichern",
    at: "Geteilt",
    until: "Kann abgeholt werden bis",
    untilNot: "Hochgeladen und damit nicht mehr in deiner Hand",
    handed: "Kann heruntergeladen werden bis",
    size: "Größe wie gesendet, verschlüsselt und aufgefüllt",
    download: "Clip herunterladen",
    downloading: "Wird heruntergeladen …",
    revoked: "Zurückgenommen am {when}",
    revoke: "Zurücknehmen",
    sure: "Zurücknehmen? Dann kann es nicht mehr abgeholt werden. Was schon abgeholt wurde, bleibt dort.",
    confirm: "Ja, zurücknehmen",
    keep: "So lassen",
  },
  history: {
    empty: "Noch nichts.",
    more: "Ältere anzeigen",
    search: "Suchen",
    only: "Anzeigen",
    show: { all: "Alle Anfragen", shared: "Nur was geteilt wurde" },
    camera: "Kamera",
    allCameras: "Alle Kameras",
    day: "Aufnahmen vom Tag",
    none: "Nichts passt.",
    noneYet: "Unter den neuesten nichts. Es gibt ältere.",
  },
};
