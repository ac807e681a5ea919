/** The texts in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "./en";
import type { Texts } from "../model/language";

export const common: Texts<typeof english.common> = {
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
    re_encoded: "Neu komprimiert, damit jeder Browser es abspielt",
    audio_removed: "Ton entfernt",
    audio_re_encoded: "Ton neu komprimiert",
    metadata_removed: "Versteckte Angaben entfernt (Orte, Geräte, Daten)",
    starts_at_key_frame: "Beginnt etwas früher, dort wo die Aufzeichnung einen Schnitt zulässt",
    pieces_joined: "Aus mehreren Aufzeichnungen zusammengefügt",
  },
};

const insecure =
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
    seen: "Der Eigentümer sieht, was Sie hier ausfüllen und wann Sie es gesendet haben. Der Server des Eigentümers sieht Ihre Internetadresse, wie bei jeder Website.",
    sealed:
      "Wird ein Clip geteilt, ist er mit einem Schlüssel verschlüsselt, den diese Seite auf Ihrem Gerät erzeugt. Nur der Link, den Sie nach dem Senden erhalten, öffnet ihn.",
  },
  when: {
    title: "Wann ist es passiert?",
    date: "Datum",
    from: "Von",
    to: "Bis",
    zone: "Ortszeit dieses Geräts: {zone}",
    nextDay: "Endet am nächsten Tag.",
    twice: "Diese Stunde gibt es in dieser Nacht zweimal. Angefragt werden beide.",
    length: "{length}",
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
    next: "Wie es jetzt weitergeht",
    nextText:
      "Der Eigentümer entscheidet, wann es ihm passt. Öffnen Sie ab und zu Ihren Link: Wenn er einen Clip teilt oder zurückschreibt, finden Sie es dort. Wenn nicht, steht dort weiter „eingegangen“, aus welchem Grund auch immer.",
    fileTitle: "Anfrage nach Kameraaufnahmen",
    fileText:
      "Öffnen Sie diesen Link, um zu sehen, ob es eine Antwort gibt. Behalten Sie ihn für sich: Wer ihn hat, kann die Antwort öffnen.",
    fileUntil: "Nachsehen können Sie bis {when} ({utc}).",
  },
};

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

export const panel: Texts<typeof english.panel> = {
  title: "Clip Consent",
  menu: "Menü",
  back: "Zurück",
  loading: "Wird geladen …",
  notLoaded:
    "Clip Consent läuft nicht. Sieh unter Einstellungen → Geräte & Dienste nach, oder versuche es gleich noch einmal.",
  offline:
    "Keine Verbindung zu Home Assistant. Was du siehst, kann veraltet sein. Sobald die Verbindung wieder steht, geht es von selbst weiter.",
  retry: "Erneut versuchen",
  tabs: { requests: "Anfragen", history: "Verlauf", ledger: "Journal", links: "Links" },
  off: "Neue Anfragen sind ausgeschaltet. Wer anfragt, liest trotzdem „eingegangen“.",
  counts: {
    none: "Es wartet keine Anfrage.",
    one: "Eine Anfrage wartet auf einen Freigeber.",
    other: "{n} Anfragen warten auf einen Freigeber.",
  },
  notApprover:
    "Nur Freigeber sehen Anfragen. Ein Administrator kann dich in den Einstellungen von Clip Consent dazu machen.",
  free: "Neinsagen kostet nichts, Schweigen auch nicht. Von außen kann niemand den Unterschied erkennen: Auf der Seite der anfragenden Person steht weiter „eingegangen“.",
  list: {
    waiting: "Wartet auf dich",
    busy: "In Arbeit",
    done: "Erledigt",
    empty: "Es wartet nichts. Wenn jemand anfragt, erscheint es hier und auf deinem Telefon.",
    came: { service: "Zu Hause eingetragen", test: "Dein eigener Test" },
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
    service: "Zu Hause eingetragen, für jemanden, der am Telefon oder an der Tür gefragt hat.",
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
  one: {
    who: "Wer anfragt",
    what: "Wofür",
    when: "Wann",
    name: "Angegebener Name",
    contact: "Angegebener Kontakt",
    caseNumber: "Angegebenes Aktenzeichen",
    words: "Fremde Worte. Links und Anweisungen darin sind nicht von uns.",
    answerBy: "Antworten kannst du bis {when}",
    rule: "Deine Regeln",
    found: "Was deine Kameras haben",
    foundNothing:
      "Keine deiner Kameras hat eine Aufzeichnung aus dieser Zeit. Du kannst trotzdem in Worten antworten.",
    foundYet: "Wird gesucht …",
    nothing: "nichts",
    problem: "Etwas ist schiefgegangen",
    problemPick: "Du kannst unten einen anderen Zeitraum wählen, in Worten antworten oder ablehnen.",
    problemAnswer: "Du kannst in Worten antworten oder ablehnen.",
    problemSending: "Es wird einige Tage lang von selbst erneut versucht. Unten kannst du es stoppen.",
    problemOver:
      "Es ist nicht angekommen und wird nicht noch einmal versucht: Die Anfrage ist vorbei.",
    gone: "Diese Anfrage ist hier nicht bekannt. Ist der Link vollständig?",
    toHistory: "Zum Verlauf",
  },
  progress: {
    draft: "Clip wird vorbereitet … {percent}",
    seal: "Wird für die anfragende Person verschlüsselt … {percent}",
    send: "Wird gesendet … {percent}",
    soon: "Einen Moment …",
  },
  key: {
    title: "Abhollink",
    text: "Diese Person hat keine Adresse angegeben, an die gesendet werden kann. Erstelle einen Abhollink und gib ihn weiter: Er öffnet, was du später freigibst. Der Schlüssel darin wird hier erzeugt und bleibt nur in diesem Tab: Er wird angezeigt, bis die Anfrage vorbei ist oder der Tab geschlossen wird.",
    make: "Abhollink erstellen",
    made: "Gib diesen Link an die anfragende Person weiter. Sobald dieser Tab geschlossen ist, wird der Link nicht mehr angezeigt.",
    label: "Abhollink",
  },
  picker: {
    title: "Clip auswählen",
    camera: "Kamera",
    start: "Anfang",
    end: "Ende",
    length: "{length} von höchstens {most}",
    gaps: "Davon hat die Kamera nur {length}.",
    none: "Davon hat die Kamera nichts.",
    audio: "Mit Ton",
    audioNo: "Unter dieser Regel wird nie Ton gesendet.",
    audioNone: "Zu diesem Clip wurde kein Ton aufgezeichnet.",
    corrected: {
      window:
        "{which} auf {time} gesetzt: Angefragt ist {from} bis {to}, mehr lässt sich nicht wählen.",
      length: "{which} auf {time} verschoben: Ein Clip darf höchstens {most} lang sein.",
      order: "{which} auf {time} verschoben: Das Ende muss nach dem Anfang kommen.",
    },
    noTime: "{which} bleibt bei {time}: Die Eingabe ist keine Uhrzeit dieses Tages.",
    pictures: "Ein Tipp auf ein Bild setzt:",
    ends: { start: "Anfang", end: "Ende" },
    picture: "{which} auf {time} setzen",
    noPicture: "kein Bild",
    nudge: "{which} {change} s",
    playable: "Kopie erstellen, die jeder Browser abspielt (neu komprimiert)",
    timeline: "Aufzeichnungen und der daraus gewählte Teil",
    prepare: "Diesen Clip vorbereiten",
    prepareAgain: "Stattdessen diesen Clip vorbereiten",
    another: "Anderen Clip auswählen",
  },
  draft: {
    titles: {
      would: "Genau das würde gesendet",
      will: "Das wird gesendet",
      was: "Das wurde gesendet",
      handed: "Das hast du zur Weitergabe bekommen",
      over: "Das war vorbereitet",
    },
    words: {
      would: "Genau diese Worte würden gesendet",
      will: "Diese Worte werden gesendet",
      was: "Diese Worte wurden gesendet",
      handed: "Diese Worte hast du zur Weitergabe bekommen",
      over: "Diese Worte waren vorbereitet",
    },
    video: "Der vorbereitete Clip",
    sheet: "Bilder aus dem vorbereiteten Clip",
    notPlayable:
      "Dieser Browser kann dieses Video nicht abspielen ({codec}). Die Bilder zeigen, was darin ist.",
    makePlayable: "Abspielbare Kopie erstellen",
    broken: "Das Video konnte nicht geladen werden.",
    reload: "Neu laden",
    camera: "Kamera",
    span: "Von – bis",
    length: "Länge",
    picture: "Bild",
    size: "Größe",
    sound: "Ton",
    sounds: {
      with: "mit Ton",
      without: "kein Ton: er wurde entfernt",
      none: "kein Ton aufgezeichnet",
    },
    digest: "SHA-256",
    changes: "Wie es entstanden ist",
  },
  approve: {
    button: "Freigeben und senden",
    buttonHandOver: "Freigeben, dann herunterladen",
    note: "Öffnen kann es nur, wer diese Anfrage gesendet hat. Du kannst es einige Sekunden lang rückgängig machen.",
    noteHandOver: "Es wird nichts gesendet. Du lädst die Datei herunter und übergibst sie selbst.",
    countdown: "Freigegeben von {user}. Wird in {n} s gesendet.",
    countdownHandOver: "Freigegeben von {user}. Kann in {n} s heruntergeladen werden.",
    undo: "Rückgängig",
    sending: "Freigegeben von {user}. Unterwegs.",
    expires: "Dieses Angebot gilt bis {when}.",
    keyFirst: "Erstelle zuerst oben den Abhollink, dann kannst du freigeben.",
  },
  decline: {
    button: "Ablehnen",
    sure: "Ablehnen? Niemand erfährt davon, und die Anfrage lässt sich nicht wieder öffnen.",
    confirm: "Ja, ablehnen",
    keep: "Offen lassen",
  },
  stop: {
    button: "Senden stoppen",
    sure: "Senden stoppen? Was noch nicht draußen ist, wird nicht gesendet. Was schon draußen ist, lässt sich nicht zurückholen.",
    confirm: "Ja, stoppen",
    keep: "Weiterlaufen lassen",
  },
  answer: {
    title: "In Worten antworten",
    text: "Deine Antwort",
    hint: "Ohne Clip oder statt eines Clips. Du siehst sie noch einmal, bevor etwas gesendet wird.",
    prepare: "Diese Antwort vorbereiten",
    needed: "Schreib zuerst etwas.",
    tooLong: "Das ist zu lang. Möglich sind {most} Zeichen.",
  },
  deliveries: {
    title: "Was du geteilt hast",
    at: "Geteilt",
    until: "Kann abgeholt werden bis",
    untilNot: "Hochgeladen und damit nicht mehr in deiner Hand",
    handed: "Kann heruntergeladen werden bis",
    size: "Größe wie gesendet",
    download: "Clip herunterladen",
    downloading: "Wird heruntergeladen …",
    revoked: "Zurückgenommen am {when}",
    revoke: "Zurücknehmen",
    sure: "Zurücknehmen? Dann kann es nicht mehr abgeholt werden. Was schon abgeholt wurde, bleibt dort.",
    confirm: "Ja, zurücknehmen",
    keep: "So lassen",
  },
  history: { empty: "Noch nichts.", more: "Ältere anzeigen" },
  ledger: {
    empty: "Noch nichts.",
    more: "Ältere anzeigen",
    whole: "{n} Einträge. Die Kette ist unversehrt.",
    fault:
      "Die Kette ist bei Eintrag {n} unterbrochen. Jemand hat Einträge geändert, entfernt oder umgestellt, oder die Datei ist beschädigt. Bewahre eine Kopie davon auf, bevor du weitermachst.",
    head: "Prüfsumme des letzten Eintrags",
    case: "Anfrage anzeigen",
    about: "Anfrage {id}",
    details: "Details",
    kinds: {
      received: "Anfrage eingegangen",
      screened: "Regeln angewendet",
      rescreened: "Regeln erneut angewendet",
      matched: "Aufzeichnungen gesucht",
      chosen: "Clip ausgewählt",
      drafted: "Clip vorbereitet",
      draft_failed: "Clip konnte nicht vorbereitet werden",
      answer_chosen: "Antwort geschrieben",
      answer_drafted: "Antwort vorbereitet",
      answer_draft_failed: "Antwort konnte nicht vorbereitet werden",
      offered: "Den Freigebern vorgelegt",
      asked: "Auf Telefonen gefragt oder der Sammelmeldung überlassen",
      approved: "Freigegeben",
      approve_rejected: "Eine Freigabe, die nicht zählte",
      answer_too_late: "Eine Antwort, die zu spät kam",
      undone: "Freigabe rückgängig gemacht",
      voided: "Angebot ungültig",
      key_set: "Schlüssel des Abhollinks festgelegt",
      sealed: "Für die anfragende Person verschlüsselt",
      shared: "Geteilt",
      delivery_delayed: "Zustellung verzögert",
      delivery_refused: "Zustellung abgewiesen",
      revoked: "Zurückgenommen",
      closed: "Geschlossen",
      flooded: "Viel zu viele Anfragen: nur gezählt",
      accepting: "Neue Anfragen ein- oder ausgeschaltet",
      removed: "Die Integration wurde entfernt",
      one_tap_exposed:
        "Freigabe durch einmaliges Tippen auf einem Telefon erlaubt, dessen Leitung nicht verschlüsselt ist",
      restored: "Aus einem Backup wiederhergestellt",
    },
  },
  links: {
    invites: "Einladungslinks",
    none: "Es gibt noch keinen Einladungslink. Füge einen hinzu unter Einstellungen → Geräte & Dienste → Clip Consent.",
    expired: "Diese Einladung ist abgelaufen: Der Link antwortet niemandem mehr.",
    atHomeOnly:
      "Dieser Link funktioniert nur zu Hause. Lege in den Netzwerkeinstellungen eine externe URL fest, dann funktioniert er auch für andere.",
    kinds: { personal: "persönlich", public: "öffentlich" },
    unnamed: "Einladung",
    test: "Sende dir selbst eine Testanfrage",
    testText:
      "Sie geht den ganzen Weg: Regeln, Aufzeichnungen, Push, deine Freigabe. Die Antwort öffnest du so wie die anfragende Person.",
    testButton: "Testanfrage senden",
    testDone:
      "Gesendet. Öffne die Statusseite in einem anderen Tab; der Schlüssel in diesem Link wird sonst nirgends aufbewahrt.",
    testNoPush:
      "Deine Telefone zeigen von diesem Test noch nichts: Sie haben vor weniger als 10 Minuten einen Push bekommen, oder zehn in 24 Stunden. Wartet er noch um {when}, meldet ein einziger Push alles, was wartet. Bis dahin steht er hier.",
    testOpen: "Statusseite öffnen",
    testCase: "Anfrage anzeigen",
    testLabel: "Statusseite des Tests",
  },
  faults: {
    unknown: "Das hat nicht geklappt. Versuche es noch einmal.",
    no_connection:
      "Die Verbindung zu Home Assistant ging verloren. Sobald sie wieder steht, sieh nach, ob es geklappt hat, bevor du es noch einmal versuchst.",
    unauthorized: "Dein Benutzer darf das nicht.",
    unknown_command: "Clip Consent läuft nicht. Versuche es gleich noch einmal.",
    strange_answer:
      "Home Assistant hat auf eine Art geantwortet, die diese Seite nicht kennt. Lade die Seite neu: Sie ist vielleicht älter als der Server.",
    timeout:
      "Home Assistant hat nicht rechtzeitig geantwortet. Sieh nach, ob es geklappt hat, bevor du es noch einmal versuchst.",
    key: "Dieser Browser konnte keinen Schlüssel erzeugen. Lade die Seite neu und versuche es noch einmal.",
    download: "Die Datei konnte nicht heruntergeladen werden. Versuche es noch einmal.",
  },
};
