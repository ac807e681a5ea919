/** What was: requests that are over, and what was shared, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/history";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  deliveries: {
    title: "Wat je hebt gedeeld",
    what: "Wat",
    words: "Een antwoord in woorden",
    receipt: "Bewijs opslaan",
    at: "Gedeeld",
    until: "Op te halen tot",
    untilNot: "Geüpload: je hebt het niet meer in de hand",
    handed: "Te downloaden tot",
    size: "Grootte zoals verzonden, versleuteld en opgevuld",
    download: "Clip downloaden",
    downloading: "Downloaden…",
    revoked: "Ingetrokken op {when}",
    revoke: "Intrekken",
    sure: "Intrekken? Daarna kan het niet meer worden opgehaald. Wat al is opgehaald, blijft daar.",
    confirm: "Ja, intrekken",
    keep: "Zo laten",
  },
  history: {
    empty: "Nog niets.",
    more: "Oudere tonen",
    search: "Zoeken",
    only: "Tonen",
    show: { all: "Alle verzoeken", shared: "Alleen wat gedeeld is" },
    camera: "Camera",
    allCameras: "Alle camera’s",
    day: "Beelden van de dag",
    none: "Niets past.",
    noneYet: "Niets bij de nieuwste. Er zijn oudere.",
  },
};
