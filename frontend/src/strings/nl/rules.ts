/** The owner's rules, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/rules";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  rules: {
    title: "Je regels",
    text: "Ze worden van het laagste nummer naar het hoogste gelezen. De eerste die past, beslist; de grenzen van alle die passen, tellen. Geen enkele regel keurt iets goed.",
    none: "Geen regel past",
    verdicts: { ask: "Er wordt je om een beslissing gevraagd", list: "Het komt in de lijst, zonder melding", ignore: "Het wordt genegeerd" },
    decided: {
      one: "Besliste over een van de laatste 50 verzoeken",
      other: "Besliste over {n} van de laatste 50 verzoeken",
    },
    fits: "Past als dit klopt:",
    allows: "Staat toe:",
    decidedNone: "Besliste over geen van de laatste 50 verzoeken",
    change: "Regels wijzigen",
    tryTitle: "Uitproberen",
    tryText: "Wat zouden de regels hiervan zeggen? Er wordt niets van bewaard en niemand wordt gevraagd.",
    trust: "Hoe ze je bereikten",
    kind: "De aanvrager zegt te zijn",
    start: "Beelden vanaf",
    end: "Beelden tot",
    received: "Komt binnen om (leeg: nu)",
    cameras: "De uitnodiging is voor deze camera’s",
    areaRadius: "Gebied: straal in meters (leeg: geen gebied)",
    distance: "Gebied: meters van huis tot de dichtstbijzijnde rand (0: je huis ligt erin)",
    caseNumber: "Zaaknummer",
    words: "Wat ze schrijven",
    wrong: {
      time: "Vul twee tijden in die bestaan.",
      order: "Het einde moet na het begin komen.",
      metres: "Vul hele meters in, bijvoorbeeld 250.",
      radius: "De straal van een gebied is {least} tot {most} meter.",
      needsRadius: "Bij een afstand hoort een straal.",
      far: "Het gebied kan hoogstens {km} km van huis liggen.",
    },
    try: "Vraag het de regels",
  },
};
