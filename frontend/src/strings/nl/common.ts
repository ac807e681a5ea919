/** What pages and panel both say, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/common";
import type { Texts } from "../../model/language";

export const common: Texts<typeof english.common> = {
  language: "Taal",
  copy: "Link kopiëren",
  copied: "Gekopieerd",
  share: "Delen…",
  showQr: "QR-code tonen",
  hideQr: "QR-code verbergen",
  qrAlt: "QR-code van de link",
  saveFile: "Opslaan als bestand",
  kinds: {
    neighbour: "Buurtbewoner",
    police: "Politie",
    insurer: "Verzekeraar",
    other: "Anders",
  },
  changes: {
    stream_copy: "Ongewijzigd overgenomen uit de opname, niet opnieuw gecomprimeerd",
    re_encoded: "De hele film opnieuw gecomprimeerd",
    audio_removed: "Geluid verwijderd",
    audio_re_encoded: "Geluid opnieuw gecomprimeerd",
    metadata_removed: "Verborgen gegevens verwijderd (plaatsen, apparaten, datums)",
    starts_at_key_frame: "Begint iets eerder, waar de opname geknipt kan worden",
    pieces_joined: "Samengevoegd uit meerdere opnamen",
    start_re_encoded:
      "Eerste ogenblikken opnieuw gecomprimeerd, zodat het precies begint zoals gekozen",
    masked: "Delen van het beeld zwart gevuld",
    clock_corrected: "Tijden rechtgezet: de klok van de recorder liep niet gelijk",
  },
};
