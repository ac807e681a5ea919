/** The page of one who asked, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/status";
import type { Texts } from "../../model/language";
import { insecure } from "./ask";

export const status: Texts<typeof english.status> = {
  title: "Ihre Anfrage",
  insecure,
  loading: "Wird nachgesehen …",
  refresh: "Jetzt nachsehen",
  lastLooked: "Zuletzt nachgesehen um {when}",
  received: {
    title: "Eingegangen",
    text: "Ihre Anfrage ist angekommen. Noch gibt es nichts zu öffnen.",
    until: "Nachsehen können Sie bis {when}",
    more: "Es kann noch mehr kommen: Nachsehen können Sie bis {when}",
    over: "Die Zeit zum Nachsehen ist seit {when} vorbei. Es kommt keine Antwort mehr.",
    meaning:
      "Diese Seite sagt „eingegangen“, was auch geschieht: während der Eigentümer überlegt, nach einem Nein, wenn es keine Aufnahmen gibt. Niemand kann sehen, was davon zutrifft.",
  },
  answers: { one: "Eine Antwort ist da", other: "{n} Antworten sind da" },
  answer: "Antwort {n}",
  size: "{size}, mit Ihrem Schlüssel verschlüsselt",
  until:
    "Kann geöffnet werden bis {when}. Speichern Sie die Antwort, wenn Sie sie länger brauchen. Manche Antworten lassen sich nur einmal abholen: 15 Minuten nachdem alles abgeholt wurde, sind sie weg.",
  open: "Öffnen",
  openAgain: "Erneut versuchen",
  opening: "Wird abgeholt und entschlüsselt … {percent}",
  checking: "Wird geprüft …",
  notFound: {
    title: "Hier ist nichts",
    text: "Dieser Link ist nicht bekannt, oder seine Zeit ist vorbei. Prüfen Sie, ob er vollständig ist, von https bis zum letzten Zeichen.",
  },
  unreachable:
    "Der Server war nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
  key: {
    missing: {
      title: "Ein Teil des Links fehlt",
      text: "Der Teil nach # ist der Schlüssel zu Ihren Antworten, und er fehlt. Öffnen Sie den Link genau so, wie Sie ihn gespeichert haben. Niemand kann den Schlüssel noch einmal erzeugen, auch der Eigentümer nicht.",
    },
    broken: {
      title: "Ein Teil des Links ist beschädigt",
      text: "Der Teil nach # ist der Schlüssel zu Ihren Antworten, und er ist nicht vollständig. Öffnen Sie den Link genau so, wie Sie ihn gespeichert haben. Niemand kann den Schlüssel noch einmal erzeugen, auch der Eigentümer nicht.",
    },
  },
  failed: {
    title: "Nicht geöffnet",
    gone: "Nicht mehr da: Die Zeit der Antwort ist vorbei, sie wurde zurückgenommen oder schon abgeholt.",
    unreachable: "Die Verbindung ist abgebrochen. Es ist nichts verloren, versuchen Sie es noch einmal.",
    strange: "Der Server hat etwas anderes gesendet als angekündigt. Es wurde nichts geöffnet.",
    wrong_key:
      "Der Schlüssel in diesem Link passt nicht zu dieser Antwort. Wurde der Link aus zweien zusammengesetzt? Öffnen Sie ihn genau so, wie Sie ihn gespeichert haben.",
    damaged:
      "Das Paket ist beschädigt oder wurde unterwegs verändert. Es wird nicht gezeigt, weil niemand sagen kann, was es ist.",
    bad_signature:
      "Die Signatur passt nicht: Das Paket wurde nachträglich verändert. Es wird nicht gezeigt.",
    bad_manifest: "Das Paket gibt nicht richtig an, was es enthält. Es wird nicht gezeigt.",
    digest_differs:
      "Der Inhalt ist nicht der, den das signierte Manifest nennt: Er wurde verändert. Er wird nicht gezeigt.",
    other_request: "Dieses Paket gehört zu einer anderen Anfrage. Es wird nicht gezeigt.",
    browser:
      "Diesem Browser fehlt etwas, das hier gebraucht wird. Bitte nehmen Sie einen aktuellen.",
  },
  clip: "Der Clip",
  words: "Die Antwort des Eigentümers",
  silent: "Der Clip hat keinen Ton.",
  sound: "Der Clip hat Ton. Er startet stumm.",
  videoLabel: "Der geteilte Clip",
  cannotPlay:
    "Dieser Browser kann dieses Video nicht abspielen ({codec}). Speichern Sie es und öffnen Sie es mit einem Player wie VLC.",
  save: "Clip speichern",
  saveWords: "Antwort speichern",
  saveManifest: "Manifest speichern",
  saveHint:
    "Bewahren Sie beide Dateien zusammen und unverändert auf: Damit können alle später prüfen, dass der Inhalt der ist, den Sie erhalten haben.",
  checks: {
    title: "Was geprüft wurde",
    sealed: "Auf diesem Gerät mit Ihrem Schlüssel entschlüsselt. Unterwegs konnte niemand hineinsehen.",
    signature: "Das Manifest ist signiert, und die Signatur passt.",
    digest: "Der Inhalt ist genau der, den das Manifest nennt: {size}, mit diesem SHA-256:",
    request: "Das Paket gehört zu dieser Anfrage.",
    limits:
      "Der Signaturschlüssel wurde nur für diese eine Zustellung erzeugt. Er belegt, dass seitdem nichts verändert wurde, nicht aber, wem die Kamera gehört oder ob eine Uhr richtig ging.",
  },
  facts: {
    title: "Was zu sehen ist",
    covered: "Von – bis",
    length: "Länge",
    asked: "Angefragt haben Sie",
    camera: "Kamera",
    cameraText: "Nummer {n} in dieser Anfrage",
    picture: "Bild",
    pictureText: "{width} × {height}, {codec}",
    changes: "Wie es entstanden ist",
    consent: "Vom Eigentümer freigegeben",
    identity: "Eigene Angabe zur Person",
  },
  terms: {
    title: "Zu diesen Bedingungen",
    purpose: "Nur für diesen Zweck",
    deleteBy: "Zu löschen bis",
    onward: "Weitergabe",
    onwardNo: "Nicht erlaubt",
    onwardYes: "Für diesen Zweck erlaubt",
  },
  local: "Zeiten in {zone}",
  tools: "Ohne diese Seite öffnen",
  toolsText:
    "Das Paket ist eine gewöhnliche age-Datei. Speichern Sie es, legen Sie den Schlüssel (den Teil Ihres Links nach #) in einer Datei key.txt ab, und dann:",
  toolsSave: "Verschlüsseltes Paket speichern",
};
