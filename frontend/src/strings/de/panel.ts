/** The frame of the panel, its list, and what both show of a request first, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/panel";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  title: "Clip Consent",
  menu: "Menü",
  back: "Zurück",
  loading: "Wird geladen …",
  partFailed:
    "Dieser Teil der Seite konnte nicht geladen werden. Prüfe die Verbindung und versuche es noch einmal; hilft das nicht, lade die Seite neu.",
  notLoaded:
    "Clip Consent läuft nicht. Sieh unter Einstellungen → Geräte & Dienste nach, oder versuche es gleich noch einmal.",
  offline:
    "Keine Verbindung zu Home Assistant. Was du siehst, kann veraltet sein. Sobald die Verbindung wieder steht, geht es von selbst weiter.",
  retry: "Erneut versuchen",
  tabs: { requests: "Anfragen", neighbours: "Nachbarn", notices: "Mitteilungen", history: "Verlauf", rules: "Regeln", ledger: "Journal", links: "Links" },
  off: "Neue Anfragen sind ausgeschaltet. Wer anfragt, liest trotzdem „eingegangen“.",
  counts: {
    none: "Es wartet keine Anfrage.",
    one: "Eine Anfrage wartet auf einen Freigeber.",
    other: "{n} Anfragen warten auf einen Freigeber.",
  },
  notApprover:
    "Nur Freigeber sehen Anfragen. Ein Administrator kann dich in den Einstellungen von Clip Consent dazu machen.",
  voluntary: "Antworten ist freiwillig.",
  free: "Neinsagen kostet nichts, Schweigen auch nicht. Von außen kann niemand den Unterschied erkennen: Auf der Seite der anfragenden Person steht weiter „eingegangen“.",
  list: {
    waiting: "Wartet auf dich",
    busy: "In Arbeit",
    done: "Erledigt",
    empty: "Es wartet nichts. Wenn jemand anfragt, erscheint es hier und auf deinem Telefon.",
    trial: "Sende dir selbst eine Testanfrage",
    came: { service: "Zu Hause eingetragen", test: "Dein eigener Test", notice: "Dein Kommentar zu einer Mitteilung" },
    received: "eingegangen am {when}",
  },
  trust: {
    unverified: "Nicht verifiziert",
    invited: "Eingeladen",
    verified: "Verifiziert",
  },
  trustText: {
    unverified: "Kam über einen öffentlichen Link. Niemand hat geprüft, wer das ist.",
    unverifiedLabel:
      "Kam über deinen öffentlichen Link „{label}“. Niemand hat geprüft, wer das ist.",
    invited: "Kam über einen persönlichen Link. Wer diesen Link hat, kann anfragen.",
    invitedLabel:
      "Kam über den persönlichen Link, den du „{label}“ gegeben hast. Wer diesen Link hat, kann anfragen.",
    verified: "Ein Portal, dem du vertraust, gibt an, geprüft zu haben, wer das ist.",
    vouched: "„{label}“, ein Hub, dem du folgst, gibt an, geprüft zu haben, wer das ist.",
    notVouched: "Kam über „{label}“, einen Hub, dem du folgst. Er weiß nicht, wer das ist.",
    notice: "Eine Mitteilung von „{label}“, einem Hub, dem du folgst. Dein Kommentar geht nur an die Person, die sie geschrieben hat.",
    service: "Zu Hause eingetragen, für jemanden, der am Telefon oder an der Tür gefragt hat. Für deine Regeln gilt die Person als eingeladen.",
    test: "Ein Test, den du selbst gesendet hast.",
  },
  states: {
    received: "Gerade eingegangen",
    screened: "Aufzeichnungen werden gesucht",
    drafting: "Clip wird vorbereitet",
    drafted: "Clip ist bereit",
    waiting: "Wartet auf dich",
    consented: "Freigegeben",
    sealed: "Unterwegs",
    shared: "Geteilt",
    closed: "Geschlossen",
  },
  closed: {
    declined: "Abgelehnt",
    expired: "Ohne Antwort abgelaufen",
    withdrawn: "Zurückgezogen",
    screened_out: "Von einer Regel ignoriert",
    switched_off: "Kam, während Anfragen ausgeschaltet waren",
    over_limit: "Kam über dem Tageslimit",
  },
  faults: {
    unknown: "Das hat nicht geklappt. Versuche es noch einmal.",
    no_connection:
      "Die Verbindung zu Home Assistant ging verloren. Sobald sie wieder steht, sieh nach, ob es geklappt hat, bevor du es noch einmal versuchst.",
    unauthorized: "Dein Benutzer darf das nicht.",
    unknown_command: "Clip Consent läuft nicht. Versuche es gleich noch einmal.",
    invalid_format: "Ein Wert wurde nicht angenommen.",
    strange_answer:
      "Home Assistant hat auf eine Art geantwortet, die diese Seite nicht kennt. Lade die Seite neu: Sie ist vielleicht älter als der Server.",
    timeout:
      "Home Assistant hat nicht rechtzeitig geantwortet. Sieh nach, ob es geklappt hat, bevor du es noch einmal versuchst.",
    key: "Dieser Browser konnte keinen Schlüssel erzeugen. Lade die Seite neu und versuche es noch einmal.",
    download: "Die Datei konnte nicht heruntergeladen werden. Versuche es noch einmal.",
  },
};
