/** Notices of the neighbourhood, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/notices";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  notices: {
    empty: "Aucun avis de votre voisinage n’est ouvert.",
    from: { operator: "De l’opérateur de « {hub} »", neighbour: "D’une personne du voisinage, par « {hub} »" },
    published: "publié le {when}",
    until: "Affiché jusqu’au {when}.",
    words: "Les mots de son auteur. Les liens et consignes qu’ils contiennent ne viennent pas de nous.",
    dismiss: "Ranger",
    comment: {
      title: "Commenter",
      text: "Votre commentaire",
      hint: "Seul l’auteur de l’avis peut le lire. Il vous est montré une fois encore avant tout envoi.",
      prepare: "Préparer ce commentaire",
      identity: "Seul l’auteur de l’avis peut le lire. Avec vos propres mots, par exemple votre nom et comment vous joindre.",
    },
    send: {
      title: "Proposer un avis",
      lead: "Vos voisins devraient savoir quelque chose ? Les modérateurs du hub le lisent d’abord. Une fois publié, tout le monde peut le lire et il reste dans le journal public du hub. Aucun nom ne l’accompagne.",
      hub: "Hub",
      name: "Titre",
      text: "Que devraient-ils savoir ?",
      limits: "Au plus {title} caractères pour le titre et {text} pour le texte. Un hub accepte quelques avis par jour d’une même adresse.",
      for: "Pour qui est-il ?",
      near: "Les foyers proches du vôtre",
      all: "Tous les foyers du hub",
      nearOnly: "Il est pour les foyers proches du vôtre.",
      comments: "Les autres peuvent le commenter : seuls les approbateurs de ce foyer le lisent",
      button: "Envoyer aux modérateurs",
      done: "Transmis. Vous pouvez le reprendre pendant quelques secondes.",
      needed: "Indiquez un titre et un texte.",
      titleLong: "Le titre est trop long. {title} caractères sont possibles.",
      textLong: "Le texte est trop long. {text} caractères sont possibles.",
    },
    written: "Envoyés d’ici",
    states: { waiting: "attend l’envoi", sent: "chez les modérateurs", refused: "refusé" },
    atHub: {
      waiting: "chez les modérateurs",
      open: "publié",
      expired: "terminé",
      resolved: "terminé",
      withdrawn: "repris",
      redacted: "son texte a été retiré du journal",
      unpublished: "personne ne l’a publié",
    },
    comments: "Commentaires",
    says: "Dit qui c’est :",
    noComments: "Aucun commentaire n’est encore arrivé.",
    takeBack: "Reprendre",
  },
};
