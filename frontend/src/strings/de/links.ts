/** Invite links, and the test request, in German: "du" for the people of the home, "Sie" for those who ask. */

import type * as english from "../en/links";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  links: {
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
      "Gesendet. Sei zuerst du selbst: Zeige die Anfrage an und gib sie frei. Sei dann die anfragende Person und öffne die Antwort auf ihrer Seite. Der Schlüssel in diesem Link wird sonst nirgends aufbewahrt.",
    testNoPush:
      "Deine Telefone zeigen von diesem Test noch nichts: Sie haben vor weniger als 10 Minuten einen Push bekommen, oder zehn in 24 Stunden. Wartet er noch um {when}, meldet ein einziger Push alles, was wartet. Bis dahin steht er hier.",
    testOpen: "Seite der anfragenden Person öffnen",
    testCase: "Anfrage anzeigen",
    testLabel: "Statusseite des Tests",
  },
};
