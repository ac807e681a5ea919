/** Notices of the neighbourhood, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/notices";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  notices: {
    empty: "Er staat geen bericht uit je buurt open.",
    from: { operator: "Van de beheerder van “{hub}”", neighbour: "Van iemand uit de buurt, via “{hub}”" },
    published: "geplaatst op {when}",
    until: "Te zien tot {when}.",
    words: "Woorden van de schrijver. Links en aanwijzingen daarin komen niet van ons.",
    dismiss: "Wegleggen",
    comment: {
      title: "Reageren",
      text: "Je reactie",
      hint: "Alleen de schrijver van het bericht kan hem lezen. Je krijgt hem nog een keer te zien voordat er iets wordt verstuurd.",
      prepare: "Deze reactie voorbereiden",
      identity: "Alleen de schrijver van het bericht kan het lezen. In je eigen woorden, bijvoorbeeld je naam en hoe je te bereiken bent.",
    },
    send: {
      title: "Een bericht indienen",
      lead: "Is er iets wat je buren moeten weten? De moderatoren van de hub lezen het eerst. Als het is geplaatst, kan iedereen het lezen en blijft het in het openbare logboek van de hub. Er gaat geen naam mee.",
      hub: "Hub",
      name: "Titel",
      text: "Wat moeten ze weten?",
      limits: "Hooguit {title} tekens voor de titel en {text} voor de tekst. Een hub neemt een paar berichten per dag van één adres aan.",
      for: "Voor wie is het?",
      near: "Huizen bij jou in de buurt",
      all: "Alle huizen van de hub",
      nearOnly: "Het is voor de huizen bij jou in de buurt.",
      comments: "Anderen mogen erop reageren: alleen de goedkeurders van dit huis kunnen het lezen",
      button: "Naar de moderatoren sturen",
      done: "Ingediend. Je kunt het een paar seconden lang terugnemen.",
      needed: "Vul een titel en een tekst in.",
      titleLong: "De titel is te lang. Er passen {title} tekens in.",
      textLong: "De tekst is te lang. Er passen {text} tekens in.",
    },
    written: "Van hieruit ingediend",
    states: { waiting: "wacht op verzending", sent: "bij de moderatoren", refused: "niet aangenomen" },
    atHub: {
      waiting: "bij de moderatoren",
      open: "geplaatst",
      expired: "voorbij",
      resolved: "voorbij",
      withdrawn: "ingetrokken",
      redacted: "de tekst is uit het logboek gehaald",
      unpublished: "niemand heeft het geplaatst",
    },
    comments: "Reacties",
    says: "Zegt wie het is:",
    noComments: "Er is nog geen reactie gekomen.",
    takeBack: "Terugnemen",
  },
};
