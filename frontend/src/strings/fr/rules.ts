/** The owner's rules, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/rules";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  rules: {
    title: "Vos règles",
    text: "Elles sont lues du plus petit numéro au plus grand. La première qui convient décide ; les limites de toutes celles qui conviennent comptent. Aucune règle n’approuve quoi que ce soit.",
    none: "Aucune règle ne convient",
    verdicts: { ask: "Vous êtes sollicité", list: "Elle est listée, sans notification", ignore: "Elle est ignorée" },
    decided: {
      one: "A décidé d’une des 50 dernières demandes",
      other: "A décidé de {n} des 50 dernières demandes",
    },
    fits: "S’applique si ceci est vrai :",
    allows: "Permet :",
    decidedNone: "N’a décidé d’aucune des 50 dernières demandes",
    change: "Modifier les règles",
    tryTitle: "Essayer",
    tryText: "Que diraient les règles de ceci ? Rien n’en est gardé, et personne n’est sollicité.",
    trust: "Comment cette personne vous a joint",
    kind: "Se présente comme",
    start: "Images de",
    end: "Images jusqu’à",
    received: "Elle arrive à (vide : maintenant)",
    cameras: "L’invitation porte sur ces caméras",
    areaRadius: "Zone : rayon en mètres (vide : sans zone)",
    distance: "Zone : mètres du domicile à son bord le plus proche (0 : le domicile s’y trouve)",
    caseNumber: "Numéro de dossier",
    words: "Ce qu’elle écrit",
    wrong: {
      time: "Indiquez deux moments qui existent.",
      order: "La fin doit venir après le début.",
      metres: "Indiquez des mètres entiers, par exemple 250.",
      radius: "Le rayon d’une zone est de {least} à {most} mètres.",
      needsRadius: "Une distance demande un rayon.",
      far: "La zone peut être à {km} km du domicile au plus.",
    },
    try: "Interroger les règles",
  },
};
