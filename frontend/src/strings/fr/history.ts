/** What was: requests that are over, and what was shared, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/history";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  deliveries: {
    title: "Ce que vous avez partagé",
    what: "Quoi",
    words: "Une réponse écrite",
    receipt: "Enregistrer le reçu",
    at: "Partagé le",
    until: "Peut être récupéré jusqu’au",
    untilNot: "Téléversé, il n’est plus entre vos mains",
    handed: "Peut être téléchargé jusqu’au",
    size: "Taille de l’envoi, chiffré et complété",
    download: "Télécharger le clip",
    downloading: "Téléchargement…",
    revoked: "Révoqué le {when}",
    revoke: "Révoquer",
    sure: "Révoquer cet envoi ? Il ne pourra plus être récupéré. Ce qui a déjà été récupéré reste là où il est.",
    confirm: "Oui, révoquer",
    keep: "Laisser tel quel",
  },
  history: {
    empty: "Rien pour l’instant.",
    more: "Afficher les plus anciennes",
    search: "Rechercher",
    only: "Afficher",
    show: { all: "Toutes les demandes", shared: "Seulement ce qui a été partagé" },
    camera: "Caméra",
    allCameras: "Toutes les caméras",
    day: "Images du jour",
    none: "Rien ne correspond.",
    noneYet: "Rien parmi les plus récentes. Il y en a de plus anciennes.",
  },
};
