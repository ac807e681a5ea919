/** What pages and panel both say, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/common";
import type { Texts } from "../../model/language";

export const common: Texts<typeof english.common> = {
  language: "Sprache",
  copy: "Link kopieren",
  copied: "Kopiert",
  share: "Teilen …",
  showQr: "QR-Code anzeigen",
  hideQr: "QR-Code ausblenden",
  qrAlt: "QR-Code des Links",
  saveFile: "Als Datei speichern",
  kinds: {
    neighbour: "Nachbarschaft",
    police: "Polizei",
    insurer: "Versicherung",
    other: "Jemand anderes",
  },
  changes: {
    stream_copy: "Unverändert aus der Aufzeichnung übernommen, nicht neu komprimiert",
    re_encoded: "Der ganze Film neu komprimiert",
    audio_removed: "Ton entfernt",
    audio_re_encoded: "Ton neu komprimiert",
    metadata_removed: "Versteckte Angaben entfernt (Orte, Geräte, Daten)",
    starts_at_key_frame: "Beginnt etwas früher, dort wo die Aufzeichnung einen Schnitt zulässt",
    pieces_joined: "Aus mehreren Aufzeichnungen zusammengefügt",
    start_re_encoded: "Erste Augenblicke neu komprimiert, damit er genau wie gewählt beginnt",
    masked: "Teile des Bildes schwarz gefüllt",
    clock_corrected: "Zeiten berichtigt: die Uhr des Rekorders ging falsch",
  },
};
