/** The form of an invite, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/ask";
import type { Texts } from "../../model/language";

export const insecure =
  "Diese Adresse ist nicht verschlüsselt (http). Andere im selben Netzwerk könnten lesen oder verändern, was Sie senden. Bitten Sie möglichst um einen Link, der mit https beginnt.";

export const ask: Texts<typeof english.ask> = {
  title: "Um Kameraaufnahmen bitten",
  lead: "Jemand mit einer Kamera hat Ihnen diesen Link gegeben. Schreiben Sie, wonach Sie suchen, und diese Person entscheidet.",
  insecure,
  terms: {
    title: "Bevor Sie anfragen",
    voluntary:
      "Antworten ist freiwillig. Der Eigentümer muss nichts begründen und muss sich auch gar nicht äußern.",
    invisible:
      "Eine Ablehnung kann niemand sehen. Sie erfahren nicht, ob die Antwort Nein ist, ob es keine Aufnahmen gibt oder ob noch niemand nachgesehen hat. Sie lesen nur „eingegangen“, außer es werden Aufnahmen mit Ihnen geteilt.",
    seen: "Alle, die in diesem Haushalt entscheiden, also der Eigentümer und die Personen, die er dazu bestimmt hat, können lesen, was Sie hier ausfüllen und wann Sie es gesendet haben. Der Server des Eigentümers sieht Ihre Internetadresse, wie bei jeder Website.",
    kept:
      "Was Sie zum Vorfall schreiben, steht in den Bedingungen eines Clips als dessen Zweck. Wird nichts mit Ihnen geteilt, werden Ihre Worte {days} Tage nach Abschluss der Anfrage gelöscht; es bleibt nur eine Prüfsumme, die nichts davon verrät. Wird etwas geteilt, bleiben sie bei den Aufzeichnungen darüber.",
    sealed:
      "Wird ein Clip geteilt, ist er mit einem Schlüssel verschlüsselt, den diese Seite auf Ihrem Gerät erzeugt. Nur der Link, den Sie nach dem Senden erhalten, öffnet ihn.",
    plays: "Dieser Browser spielt {codecs} ab. Andere Clips können Sie speichern und mit einem Player wie VLC öffnen.",
    playsNone:
      "Dieser Browser spielt keines der üblichen Videoformate ab. Sie können einen Clip speichern und mit einem Player wie VLC öffnen.",
  },
  when: {
    title: "Wann ist es passiert?",
    date: "Datum",
    from: "Von",
    to: "Bis",
    zone: "Ortszeit dieses Geräts: {zone}",
    zoneOther: "Ortszeit in der Zeitzone {zone}",
    zoneChoose: "Zeitzone dieser Uhrzeiten",
    zoneOwn: "Dieses Gerät: {zone}",
    nextDay: "Endet am nächsten Tag.",
    twice: "Diese Stunde gibt es in dieser Nacht zweimal. Angefragt werden beide.",
    hint: "1 Minute bis 12 Stunden, innerhalb der letzten 366 Tage. Je kürzer, desto besser die Aussichten.",
  },
  what: {
    title: "Was ist passiert?",
    text: "Beschreiben Sie es und was eine Kamera gesehen haben könnte",
    hint: "Zum Beispiel: „Mein Fahrrad wurde vor Hausnummer 12 umgefahren.“",
    count: "{n} von {most} Zeichen",
  },
  who: {
    title: "Wer sind Sie?",
    name: "Ihr Name",
    kind: "Sie fragen an als",
    kindChoose: "Bitte auswählen",
    kinds: {
      neighbour: "Nachbarin oder Nachbar",
      police: "Polizei",
      insurer: "Versicherung",
      other: "Jemand anderes",
    },
    caseNumber: "Aktenzeichen",
    caseNumberHint: "Der Eigentümer sieht es. Bei Anfragen der Polizei ist es nötig.",
    contact: "Telefon oder E-Mail",
    optional: "freiwillig",
    contactHint:
      "Nur, wenn der Eigentümer Kontakt zu Ihnen aufnehmen darf. Die Antwort selbst kommt über Ihren Link.",
  },
  send: "Anfrage senden",
  sending: "Wird gesendet …",
  sendAgain: "Erneut versuchen",
  change: "Erst noch etwas ändern",
  faults: {
    date: {
      required: "Wählen Sie das Datum.",
      too_old: "Das ist mehr als 366 Tage her.",
      future: "Dieser Tag kommt erst noch. Stimmt die Uhr dieses Geräts?",
    },
    from: {
      required: "Geben Sie an, wann es beginnt.",
      future: "Das liegt in der Zukunft. Stimmt die Uhr dieses Geräts?",
      skipped_hour: "Diese Uhrzeit gab es an dem Tag nicht: Die Uhr wurde vorgestellt.",
    },
    to: {
      required: "Geben Sie an, wann es endet.",
      future: "Das liegt in der Zukunft. Wählen Sie ein Ende, das schon vorbei ist.",
      skipped_hour: "Diese Uhrzeit gab es an dem Tag nicht: Die Uhr wurde vorgestellt.",
      window_short: "Ende und Anfang sind gleich. Mindestens 1 Minute ist nötig.",
      window_long: "Das sind mehr als 12 Stunden. Wählen Sie ein Ende näher am Anfang.",
      end_before_start: "Das Ende liegt vor dem Anfang. Über Mitternacht sind höchstens 12 Stunden möglich.",
    },
    text: {
      required: "Schreiben Sie, was passiert ist.",
      too_long: "Das ist zu lang. Möglich sind {most} Zeichen.",
    },
    name: {
      required: "Geben Sie Ihren Namen an.",
      too_long: "Das ist zu lang. Möglich sind {most} Zeichen.",
    },
    kind: { required: "Wählen Sie aus, wer Sie sind." },
    contact: { too_long: "Das ist zu lang. Möglich sind {most} Zeichen." },
    caseNumber: {
      required: "Anfragen der Polizei brauchen ein Aktenzeichen.",
      too_long: "Das ist zu lang. Möglich sind {most} Zeichen.",
    },
  },
  summary: {
    one: "Bitte sehen Sie sich eine Angabe noch einmal an. Es wurde noch nichts gesendet.",
    other: "Bitte sehen Sie sich {n} Angaben noch einmal an. Es wurde noch nichts gesendet.",
  },
  failed: {
    not_found:
      "Dieser Link funktioniert nicht (mehr), deshalb wurde nichts gesendet. Bitten Sie die Person, von der Sie ihn haben, um einen neuen. Was Sie geschrieben haben, steht noch hier.",
    content:
      "Die Anfrage wurde so nicht angenommen, und es wurde nichts aufbewahrt. Prüfen Sie die Zeiten (stimmt die Uhr dieses Geräts?) und die Texte, und senden Sie die Anfrage dann noch einmal.",
    unreachable:
      "Der Server war nicht erreichbar, oder seine Antwort ging verloren. Was Sie geschrieben haben, steht noch hier. „Erneut versuchen“ ist unbedenklich: Dieselbe Anfrage zählt nie doppelt.",
    key: "Dieser Browser konnte den Schlüssel nicht erzeugen, mit dem die Antwort verschlüsselt wird. Prüfen Sie die Verbindung und versuchen Sie es noch einmal, oder nehmen Sie einen anderen Browser.",
  },
  changeNote:
    "Falls der erste Versuch doch angekommen ist, sieht der Eigentümer vielleicht beide Fassungen.",
  received: {
    title: "Ihre Anfrage ist eingegangen",
    keep: "Bewahren Sie jetzt diesen Link auf. Nur über ihn gelangen Sie zu einer Antwort.",
    why: "Der Teil nach # ist der Schlüssel. Er wurde auf diesem Gerät erzeugt, und sonst hat ihn niemand. Deshalb kann Ihnen niemand den Link noch einmal schicken.",
    until: "Nachsehen können Sie bis {when}",
    link: "Ihr Link",
    kept: "Ich habe den Link aufbewahrt",
    keptDone: "Gut. Sie können diese Seite schließen.",
    open: "Jetzt öffnen",
    leave: "Bewahren Sie den Link auf, bevor Sie diese Seite verlassen.",
    calendar: "In den Kalender",
    calendarFirst: "Nachsehen, ob es eine Antwort zu Kameraaufnahmen gibt",
    calendarLast: "Letzter Tag, um nach einer Antwort zu Kameraaufnahmen zu sehen",
    calendarText:
      "Öffnen Sie den Link, den Sie beim Anfragen gespeichert haben. Er steht nicht in diesem Eintrag, denn wer ihn hat, kann die Antwort öffnen.",
    next: "Wie es jetzt weitergeht",
    nextText:
      "Der Eigentümer entscheidet, wann es ihm passt. Öffnen Sie ab und zu Ihren Link: Wenn er einen Clip teilt oder zurückschreibt, finden Sie es dort. Wenn nicht, steht dort weiter „eingegangen“, aus welchem Grund auch immer.",
    fileTitle: "Anfrage nach Kameraaufnahmen",
    fileText:
      "Öffnen Sie diesen Link, um zu sehen, ob es eine Antwort gibt. Behalten Sie ihn für sich: Wer ihn hat, kann die Antwort öffnen.",
    fileUntil: "Nachsehen können Sie bis {when} ({utc}).",
  },
};
