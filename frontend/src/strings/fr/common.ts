/** What pages and panel both say, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/common";
import type { Texts } from "../../model/language";

export const common: Texts<typeof english.common> = {
  language: "Langue",
  copy: "Copier le lien",
  copied: "Copié",
  share: "Partager…",
  showQr: "Afficher le code QR",
  hideQr: "Masquer le code QR",
  qrAlt: "Code QR du lien",
  saveFile: "Enregistrer dans un fichier",
  kinds: {
    neighbour: "Voisinage",
    police: "Police",
    insurer: "Assureur",
    other: "Autre",
  },
  changes: {
    stream_copy: "Repris tel quel de l’enregistrement, sans nouvelle compression",
    re_encoded: "Tout le film compressé de nouveau",
    audio_removed: "Son retiré",
    audio_re_encoded: "Son compressé à nouveau",
    metadata_removed: "Informations cachées retirées (lieux, appareils, dates)",
    starts_at_key_frame: "Commence un peu plus tôt, là où l’enregistrement peut être coupé",
    pieces_joined: "Assemblé à partir de plusieurs enregistrements",
    start_re_encoded:
      "Premiers instants compressés de nouveau, pour commencer exactement au moment choisi",
    masked: "Parties de l’image remplies de noir",
    clock_corrected: "Heures corrigées : l’horloge de l’enregistreur n’était pas à l’heure",
  },
};
