/** The form of an invite, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/ask";
import type { Texts } from "../../model/language";

export const insecure =
  "Dit adres is niet versleuteld (http). Anderen op hetzelfde netwerk kunnen lezen of veranderen wat u verstuurt. Vraag zo mogelijk om een link die met https begint.";

export const ask: Texts<typeof english.ask> = {
  title: "Vraag om camerabeelden",
  lead: "Iemand met een camera gaf u deze link. Vertel wat u zoekt, en die persoon beslist.",
  insecure,
  terms: {
    title: "Voordat u iets vraagt",
    voluntary:
      "Antwoorden is vrijwillig. De eigenaar hoeft niet te zeggen waarom, en hoeft helemaal niets te zeggen.",
    invisible:
      "Niemand kan een weigering zien. U krijgt het niet te horen als het antwoord nee is, als er geen beelden zijn of als nog niemand heeft gekeken. U leest alleen “ontvangen”, behalve als er beelden met u worden gedeeld.",
    seen: "Iedereen die in dat huis beslist, de eigenaar en wie daarvoor is aangewezen, kan lezen wat u hier invult en wanneer u het hebt verstuurd. De server van de eigenaar ziet uw internetadres, net als bij elke website.",
    kept:
      "Wat u schrijft over wat er is gebeurd, wordt het vermelde doel in de voorwaarden van een clip. Wordt er niets met u gedeeld, dan worden uw woorden {days} dagen na het sluiten van het verzoek gewist; er blijft alleen een controlesom over, die er niets van verraadt. Wordt er iets gedeeld, dan blijven ze bewaard bij de vastlegging daarvan.",
    sealed:
      "Als de eigenaar iets deelt, wordt de clip versleuteld met een sleutel die deze pagina op uw apparaat maakt. Alleen de link die u na het versturen krijgt, opent de clip.",
    plays: "Deze browser speelt {codecs} af. Elke andere clip kunt u opslaan en openen met een speler zoals VLC.",
    playsNone:
      "Deze browser speelt geen van de gebruikelijke videoformaten af. U kunt een clip opslaan en openen met een speler zoals VLC.",
  },
  when: {
    title: "Wanneer is het gebeurd?",
    date: "Datum",
    from: "Van",
    to: "Tot",
    zone: "Lokale tijd van dit apparaat: {zone}",
    zoneOther: "Lokale tijd in de zone {zone}",
    zoneChoose: "Tijdzone van deze tijden",
    zoneOwn: "Dit apparaat: {zone}",
    nextDay: "Eindigt de volgende dag.",
    twice: "Dit uur komt die nacht twee keer voor. U vraagt om beide.",
    hint: "1 minuut tot 12 uur, in de afgelopen 366 dagen. Hoe korter, hoe groter de kans.",
  },
  what: {
    title: "Wat is er gebeurd?",
    text: "Beschrijf het, en wat een camera gezien kan hebben",
    hint: "Bijvoorbeeld: “Mijn fiets is omvergereden voor nummer 12.”",
    count: "{n} van {most} tekens",
  },
  who: {
    title: "Wie bent u?",
    name: "Uw naam",
    kind: "U vraagt dit als",
    kindChoose: "Maak een keuze",
    kinds: {
      neighbour: "Buurtbewoner",
      police: "Politie",
      insurer: "Verzekeraar",
      other: "Iemand anders",
    },
    caseNumber: "Zaaknummer",
    caseNumberHint: "De eigenaar ziet dit. Verplicht voor verzoeken van de politie.",
    contact: "Telefoon of e-mail",
    optional: "optioneel",
    contactHint:
      "Alleen als de eigenaar contact met u mag opnemen. Het antwoord zelf komt via uw link.",
  },
  send: "Verzoek versturen",
  sending: "Versturen…",
  sendAgain: "Opnieuw proberen",
  change: "Eerst iets wijzigen",
  faults: {
    date: {
      required: "Kies de datum.",
      too_old: "Dit is meer dan 366 dagen geleden.",
      future: "Die dag moet nog komen. Klopt de klok van dit apparaat?",
    },
    from: {
      required: "Vul in hoe laat het begint.",
      future: "Dit ligt in de toekomst. Klopt de klok van dit apparaat?",
      skipped_hour: "Deze tijd bestond die dag niet: de klok werd vooruitgezet.",
    },
    to: {
      required: "Vul in hoe laat het eindigt.",
      future: "Dit ligt in de toekomst. Kies een einde dat al voorbij is.",
      skipped_hour: "Deze tijd bestond die dag niet: de klok werd vooruitgezet.",
      window_short: "Het einde is gelijk aan het begin. Er is minstens 1 minuut nodig.",
      window_long: "Dit is meer dan 12 uur. Kies een einde dat dichter bij het begin ligt.",
      end_before_start: "Het einde ligt voor het begin. Over middernacht heen is hoogstens 12 uur mogelijk.",
    },
    text: {
      required: "Schrijf op wat er is gebeurd.",
      too_long: "Dit is te lang. Er zijn {most} tekens mogelijk.",
    },
    name: {
      required: "Vul uw naam in.",
      too_long: "Dit is te lang. Er zijn {most} tekens mogelijk.",
    },
    kind: { required: "Kies wie u bent." },
    contact: { too_long: "Dit is te lang. Er zijn {most} tekens mogelijk." },
    caseNumber: {
      required: "Een verzoek van de politie heeft een zaaknummer nodig.",
      too_long: "Dit is te lang. Er zijn {most} tekens mogelijk.",
    },
  },
  summary: {
    one: "Eén punt vraagt uw aandacht. Er is nog niets verstuurd.",
    other: "{n} punten vragen uw aandacht. Er is nog niets verstuurd.",
  },
  failed: {
    not_found:
      "Deze link werkt niet (meer), dus er is niets verstuurd. Vraag degene van wie u de link hebt om een nieuwe. Wat u hebt geschreven, staat hier nog.",
    content:
      "Het verzoek is zo niet aangenomen en er is niets bewaard. Controleer de tijden (klopt de klok van dit apparaat?) en de teksten, en verstuur het dan opnieuw.",
    unreachable:
      "De server was niet bereikbaar, of het antwoord ging verloren. Wat u hebt geschreven, staat hier nog. U kunt gerust “Opnieuw proberen” kiezen: hetzelfde verzoek telt nooit dubbel.",
    key: "Deze browser kon de sleutel niet maken waarmee het antwoord wordt versleuteld. Controleer de verbinding en probeer het opnieuw, of gebruik een andere browser.",
  },
  changeNote:
    "Als de eerste poging toch is aangekomen, ziet de eigenaar misschien beide versies.",
  received: {
    title: "Uw verzoek is ontvangen",
    keep: "Bewaar nu deze link. Dit is de enige weg naar een antwoord.",
    why: "Het deel na # is de sleutel. Die is op dit apparaat gemaakt en niemand anders heeft die, dus niemand kan u de link opnieuw sturen.",
    until: "U kunt opnieuw kijken tot {when}",
    link: "Uw link",
    kept: "Ik heb de link bewaard",
    keptDone: "Goed. U kunt deze pagina sluiten.",
    open: "Nu openen",
    leave: "Bewaar de link voordat u deze pagina verlaat.",
    calendar: "Zet in agenda",
    calendarFirst: "Kijken of er een antwoord over camerabeelden is",
    calendarLast: "Laatste dag om naar een antwoord over camerabeelden te kijken",
    calendarText:
      "Open de link die u bij het vragen hebt bewaard. Hij staat niet in deze afspraak, want wie hem heeft, kan het antwoord openen.",
    next: "Wat er nu gebeurt",
    nextText:
      "De eigenaar beslist wanneer het uitkomt. Open uw link af en toe: als de eigenaar een clip deelt of terugschrijft, vindt u dat daar. Zo niet, dan blijft er “ontvangen” staan, wat de reden ook is.",
    fileTitle: "Verzoek om camerabeelden",
    fileText:
      "Open deze link om te zien of er een antwoord is. Houd de link voor uzelf: wie hem heeft, kan het antwoord openen.",
    fileUntil: "U kunt opnieuw kijken tot {when} ({utc}).",
  },
};
