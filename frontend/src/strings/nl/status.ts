/** The page of one who asked, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/status";
import type { Texts } from "../../model/language";
import { insecure } from "./ask";

export const status: Texts<typeof english.status> = {
  title: "Uw verzoek",
  insecure,
  loading: "Kijken…",
  refresh: "Nu opnieuw kijken",
  lastLooked: "Laatst gekeken om {when}",
  received: {
    title: "Ontvangen",
    text: "Uw verzoek is aangekomen. Er is nog niets om te openen.",
    until: "U kunt opnieuw kijken tot {when}",
    more: "Er kan nog meer komen: u kunt opnieuw kijken tot {when}",
    over: "De tijd om opnieuw te kijken is voorbij sinds {when}. Er komt geen antwoord meer.",
    meaning:
      "Deze pagina zegt “ontvangen”, wat er ook gebeurt: terwijl de eigenaar beslist, na een nee, of als er geen beelden zijn. Niemand kan zien welk van deze gevallen het is.",
  },
  answers: { one: "Er is een antwoord binnen", other: "Er zijn {n} antwoorden binnen" },
  answer: "Antwoord {n}",
  size: "{size}, versleuteld met uw sleutel",
  until:
    "Te openen tot {when}. Sla het op als u het langer nodig hebt; sommige antwoorden kunnen maar één keer worden opgehaald: 15 minuten nadat alles is opgehaald, zijn ze weg.",
  open: "Openen",
  openAgain: "Opnieuw proberen",
  opening: "Ophalen en ontsleutelen… {percent}",
  checking: "Controleren…",
  notFound: {
    title: "Hier is niets",
    text: "Deze link is niet bekend, of de tijd ervan is voorbij. Controleer of de link volledig is, van https tot en met het laatste teken.",
  },
  unreachable: "De server was niet bereikbaar. Controleer de verbinding en probeer het opnieuw.",
  key: {
    missing: {
      title: "Een deel van de link ontbreekt",
      text: "Het deel na # is de sleutel van uw antwoorden, en dat ontbreekt. Open de link precies zoals u die hebt bewaard. Niemand, ook de eigenaar niet, kan de sleutel opnieuw maken.",
    },
    broken: {
      title: "Een deel van de link is beschadigd",
      text: "Het deel na # is de sleutel van uw antwoorden, en dat is niet volledig. Open de link precies zoals u die hebt bewaard. Niemand, ook de eigenaar niet, kan de sleutel opnieuw maken.",
    },
  },
  failed: {
    title: "Niet geopend",
    gone: "Het is er niet meer: de tijd is voorbij, het is ingetrokken of het is al opgehaald.",
    unreachable: "De verbinding viel weg. Er is niets verloren, probeer het opnieuw.",
    strange: "De server stuurde iets anders dan was aangekondigd. Er is niets geopend.",
    wrong_key:
      "De sleutel in deze link past niet bij dit antwoord. Is de link uit twee links samengesteld? Open de link precies zoals u die hebt bewaard.",
    damaged:
      "Het pakket is beschadigd of onderweg veranderd. Het wordt niet getoond, omdat niemand kan zeggen wat het is.",
    bad_signature:
      "De handtekening klopt niet: het pakket is veranderd nadat het was gemaakt. Het wordt niet getoond.",
    bad_manifest: "Het pakket vermeldt niet goed wat erin zit. Het wordt niet getoond.",
    digest_differs:
      "De inhoud is niet wat het ondertekende manifest zegt: die is veranderd. De inhoud wordt niet getoond.",
    other_request: "Dit pakket hoort bij een ander verzoek. Het wordt niet getoond.",
    browser: "Deze browser mist iets wat hier nodig is. Gebruik een recente browser.",
  },
  clip: "De clip",
  words: "Het antwoord van de eigenaar",
  silent: "De clip heeft geen geluid.",
  sound: "De clip heeft geluid. Het geluid staat eerst uit.",
  videoLabel: "De gedeelde clip",
  cannotPlay:
    "Deze browser kan deze film ({codec}) niet afspelen. Sla de film op en open die met een speler zoals VLC.",
  save: "Clip opslaan",
  saveWords: "Antwoord opslaan",
  saveManifest: "Manifest opslaan",
  saveHint:
    "Bewaar beide bestanden bij elkaar en ongewijzigd: daarmee kan iedereen later nagaan dat de inhoud dezelfde is als die u hebt ontvangen.",
  checks: {
    title: "Wat er is gecontroleerd",
    sealed: "Op dit apparaat ontsleuteld met uw sleutel. Onderweg kon niemand erin kijken.",
    signature: "Het manifest is ondertekend, en de handtekening klopt.",
    digest: "De inhoud is precies wat het manifest zegt: {size}, met deze SHA-256:",
    request: "Het hoort bij dit verzoek.",
    limits:
      "De sleutel van de handtekening is alleen voor deze levering gemaakt. De handtekening bewijst dat er sindsdien niets is veranderd, niet van wie de camera is of dat een klok gelijk liep.",
  },
  facts: {
    title: "Wat het laat zien",
    covered: "Van – tot",
    length: "Duur",
    asked: "U vroeg om",
    camera: "Camera",
    cameraText: "Nummer {n} van dit verzoek",
    picture: "Beeld",
    pictureText: "{width} × {height}, {codec}",
    changes: "Hoe het is gemaakt",
    consent: "Goedgekeurd door de eigenaar",
    identity: "Zegt te zijn",
  },
  terms: {
    title: "Onder deze voorwaarden",
    purpose: "Alleen voor dit doel",
    deleteBy: "Verwijderen uiterlijk op",
    onward: "Doorgeven",
    onwardNo: "Niet toegestaan",
    onwardYes: "Toegestaan voor dit doel",
  },
  local: "Tijden in {zone}",
  tools: "Openen zonder deze pagina",
  toolsText:
    "Het pakket is een standaard age-bestand. Sla het op, zet de sleutel (het deel van uw link na #) in een bestand key.txt, en daarna:",
  toolsSave: "Versleuteld pakket opslaan",
};
