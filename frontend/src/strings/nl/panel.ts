/** The frame of the panel, its list, and what both show of a request first, in Dutch: "je" for the people of the home, "u" for those who ask. */

import type * as english from "../en/panel";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  title: "Clip Consent",
  menu: "Menu",
  back: "Terug",
  loading: "Laden…",
  partFailed:
    "Dit deel van de pagina kon niet worden geladen. Controleer de verbinding en probeer het opnieuw; helpt dat niet, laad de pagina dan opnieuw.",
  notLoaded:
    "Clip Consent is niet actief. Kijk onder Instellingen → Apparaten en diensten, of probeer het zo meteen opnieuw.",
  offline:
    "Geen verbinding met Home Assistant. Wat je ziet, kan verouderd zijn. Zodra de verbinding terug is, gaat het vanzelf verder.",
  retry: "Opnieuw proberen",
  tabs: {
    requests: "Verzoeken",
    neighbours: "Buren", notices: "Berichten",
    history: "Geschiedenis",
    rules: "Regels",
    ledger: "Register",
    links: "Links",
  },
  off: "Nieuwe verzoeken zijn uitgeschakeld. Wie iets vraagt, krijgt toch “ontvangen” te zien.",
  counts: {
    none: "Er wacht geen verzoek.",
    one: "Eén verzoek wacht op een goedkeurder.",
    other: "{n} verzoeken wachten op een goedkeurder.",
  },
  notApprover:
    "Alleen goedkeurders zien verzoeken. Een beheerder kan je tot goedkeurder maken in de instellingen van Clip Consent.",
  voluntary: "Antwoorden is vrijwillig.",
  free: "Nee zeggen mag altijd, en niets zeggen ook. Van buitenaf kan niemand het verschil zien: de pagina van de aanvrager blijft “ontvangen” zeggen.",
  list: {
    waiting: "Wacht op jou",
    busy: "Bezig",
    done: "Klaar",
    empty: "Er wacht niets. Als iemand iets vraagt, verschijnt het hier en op je telefoon.",
    trial: "Stuur jezelf een testverzoek",
    came: { service: "Thuis ingevoerd", test: "Je eigen test", notice: "Je reactie op een bericht" },
    received: "binnengekomen op {when}",
  },
  trust: {
    unverified: "Niet gecontroleerd",
    invited: "Uitgenodigd",
    verified: "Geverifieerd",
  },
  trustText: {
    unverified: "Kwam via een openbare link. Niemand heeft gecontroleerd wie dit is.",
    unverifiedLabel:
      "Kwam via je openbare link “{label}”. Niemand heeft gecontroleerd wie dit is.",
    invited: "Kwam via een persoonlijke link. Iedereen die die link heeft, kan iets vragen.",
    invitedLabel:
      "Kwam via de persoonlijke link die je aan “{label}” hebt gegeven. Iedereen die die link heeft, kan iets vragen.",
    verified: "Een portaal dat je vertrouwt, zegt te hebben gecontroleerd wie dit is.",
    vouched: "“{label}”, een hub die je volgt, zegt te hebben gecontroleerd wie dit is.",
    notVouched: "Kwam via “{label}”, een hub die je volgt. Die weet niet wie dit is.",
    notice: "Een bericht van “{label}”, een hub die je volgt. Je reactie gaat alleen naar de schrijver.",
    service: "Thuis ingevoerd, voor iemand die het telefonisch of aan de deur vroeg. Voor je regels telt die als uitgenodigd.",
    test: "Een test die je zelf hebt verstuurd.",
  },
  states: {
    received: "Net binnen",
    screened: "Opnamen zoeken",
    drafting: "Clip voorbereiden",
    drafted: "Clip is klaar",
    waiting: "Wacht op jou",
    consented: "Goedgekeurd",
    sealed: "Onderweg",
    shared: "Gedeeld",
    closed: "Gesloten",
  },
  closed: {
    declined: "Geweigerd",
    expired: "Verlopen zonder antwoord",
    withdrawn: "Ingetrokken",
    screened_out: "Genegeerd door een regel",
    switched_off: "Kwam terwijl verzoeken waren uitgeschakeld",
    over_limit: "Kwam boven de daglimiet",
  },
  faults: {
    unknown: "Dat is niet gelukt. Probeer het opnieuw.",
    no_connection:
      "De verbinding met Home Assistant viel weg. Kijk als die terug is eerst of het al gelukt was, voordat je het opnieuw probeert.",
    unauthorized: "Je gebruiker mag dit niet doen.",
    unknown_command: "Clip Consent is niet actief. Probeer het zo meteen opnieuw.",
    invalid_format: "Een waarde is niet geldig.",
    strange_answer:
      "Home Assistant gaf een antwoord dat deze pagina niet kent. Laad de pagina opnieuw: misschien is die ouder dan de server.",
    timeout:
      "Home Assistant antwoordde niet op tijd. Kijk of het gelukt is voordat je het opnieuw probeert.",
    key: "Deze browser kon geen sleutel maken. Laad de pagina opnieuw en probeer het nog eens.",
    download: "Het bestand kon niet worden gedownload. Probeer het opnieuw.",
  },
};
