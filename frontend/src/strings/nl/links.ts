/** Invite links, and the test request, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/links";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  links: {
    none: "Er is nog geen uitnodigingslink. Voeg er een toe onder Instellingen → Apparaten en diensten → Clip Consent.",
    expired: "Deze uitnodiging is afgelopen: de link geeft niemand meer antwoord.",
    atHomeOnly:
      "Deze link werkt alleen thuis. Stel een externe URL in bij de netwerkinstellingen, dan werkt hij ook voor anderen.",
    kinds: { personal: "persoonlijk", public: "openbaar" },
    unnamed: "Uitnodiging",
    test: "Stuur jezelf een testverzoek",
    testText:
      "Doorloopt de hele weg: regels, opnamen, pushmelding, je goedkeuring. Je opent het antwoord zoals de aanvrager dat doet.",
    testButton: "Testverzoek versturen",
    testDone:
      "Verstuurd. Wees eerst de eigenaar: toon het verzoek en keur het goed. Wees daarna de aanvrager en open het antwoord op die pagina. De sleutel in deze link wordt nergens anders bewaard.",
    testNoPush:
      "Je telefoons laten nog niets van deze test zien: ze kregen minder dan 10 minuten geleden een pushmelding, of tien in 24 uur. Wacht de test om {when} nog steeds, dan komt er één pushmelding over alles wat wacht. Tot die tijd zie je de test hier.",
    testOpen: "Pagina van de aanvrager openen",
    testCase: "Verzoek tonen",
    testLabel: "Statuspagina van de test",
  },
};
