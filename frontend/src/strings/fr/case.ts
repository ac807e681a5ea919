/** A request that is looked at, and what is done with it, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/case";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  one: {
    testOpen: "Ouvrir la réponse à la place du demandeur",
    area: "Où",
    who: "Qui demande",
    what: "Motif",
    when: "Quand",
    name: "Nom indiqué",
    contact: "Contact indiqué",
    caseNumber: "Numéro de dossier indiqué",
    organisation: "Organisation",
    checked: "Comment le hub l’a vérifié",
    later: "Ce qui a été ajouté ensuite",
    words: "Les mots du demandeur. Les liens et consignes qu’ils contiennent ne viennent pas de nous.",
    answerBy: "Vous pouvez répondre jusqu’au {when}",
    rule: "Vos règles",
    found: "Ce que vos caméras ont enregistré",
    leftOut: "Écartées par vos règles : {cameras}.",
    foundNothing:
      "Aucune de vos caméras n’a d’enregistrement de ce moment. Vous pouvez quand même répondre par écrit.",
    foundYet: "Recherche…",
    nothing: "rien",
    problem: "Un problème est survenu",
    problemPick:
      "Vous pouvez choisir une autre plage ci-dessous, répondre par écrit ou refuser.",
    problemAnswer: "Vous pouvez répondre par écrit ou refuser.",
    problemSending:
      "L’envoi est retenté automatiquement pendant quelques jours. Vous pouvez l’arrêter ci-dessous.",
    problemOver: "L’envoi n’est pas arrivé et n’est plus retenté : la demande est terminée.",
    gone: "Cette demande est inconnue ici. Le lien est-il complet ?",
    toHistory: "Vers l’historique",
  },
  map: {
    label: "Carte, le nord est en haut.",
    circle: "La zone demandée est un cercle d’un rayon de {radius}.",
    polygon: "La zone demandée a {n} sommets : {width} d’ouest en est, {height} du nord au sud.",
    home: "Votre domicile",
    inside: "dans la zone",
    outside: "à {distance} de la zone",
    line: "{name} : {where}.",
    faces: "{name} : {where}, orientée à {bearing}°.",
    unplaced: "Hors de la carte, sans emplacement indiqué : {cameras}.",
  },
  progress: {
    draft: "Préparation du clip… {percent}",
    seal: "Chiffrement pour le demandeur… {percent}",
    send: "Envoi… {percent}",
    soon: "Un instant…",
  },
  key: {
    title: "Lien de retrait",
    text: "Cette personne n’a pas donné d’adresse d’envoi. Créez un lien de retrait et transmettez-le : il ouvre ce que vous approuverez ensuite. La clé qu’il contient est créée ici et gardée uniquement dans cet onglet : le lien reste affiché jusqu’à ce que la demande soit terminée ou l’onglet fermé.",
    make: "Créer un lien de retrait",
    made: "Transmettez ce lien au demandeur. Une fois cet onglet fermé, il ne sera plus affiché.",
    label: "Lien de retrait",
  },
  approve: {
    button: "Approuver et envoyer",
    buttonHandOver: "Approuver, puis télécharger",
    note:
      "Seule la personne qui a envoyé cette demande peut l’ouvrir. Vous pouvez annuler pendant quelques secondes. Les conditions l’accompagnent : uniquement pour ce but, à supprimer sous 90 jours, à ne pas transmettre.",
    noteComment: "Seul l’auteur de l’avis peut l’ouvrir. Vous pouvez le reprendre pendant quelques secondes.",
    noteHandOver: "Rien n’est envoyé. Vous téléchargez le fichier et le remettez vous-même.",
    countdown: "Approuvé par {user}. Envoi dans {n} s.",
    countdownHandOver: "Approuvé par {user}. Téléchargement possible dans {n} s.",
    undo: "Annuler",
    sending: "Approuvé par {user}. En route.",
    expires: "Cette proposition est valable jusqu’au {when}.",
    keyFirst:
      "Créez d’abord le lien de retrait ci-dessus : vous pourrez ensuite approuver.",
    twoNeeded: "Deux d’entre vous doivent approuver : rien n’est envoyé avant le second oui.",
    firstYes: "{user} a approuvé ({when}). Un second oui est nécessaire, d’un autre approbateur.",
    takeBack: "Retirer ce oui",
  },
  decline: {
    button: "Refuser",
    sure: "Refuser ? Personne n’en est informé, et la demande ne peut pas être rouverte.",
    confirm: "Oui, refuser",
    keep: "La laisser ouverte",
  },
  discard: {
    button: "Abandonner",
    sure: "Abandonner ce commentaire ? Rien n’en a été envoyé.",
    confirm: "Oui, abandonner",
    keep: "Le garder",
  },
  stop: {
    button: "Arrêter l’envoi",
    sure: "Arrêter l’envoi ? Ce qui n’est pas encore parti ne sera pas envoyé. Ce qui est déjà parti ne peut pas être rappelé.",
    confirm: "Oui, arrêter",
    keep: "Le laisser continuer",
  },
  answer: {
    title: "Répondre par écrit",
    text: "Votre réponse",
    hint: "Sans clip ou à la place d’un clip. Elle vous est montrée encore une fois avant tout envoi.",
    instead: "Ces mots prennent la place du clip ci-dessus. Pour envoyer les deux, approuvez d’abord le clip, puis écrivez.",
    oneFile: "Cette adresse n’accepte qu’un fichier : un clip ou des mots.",
    prepare: "Préparer cette réponse",
    needed: "Écrivez d’abord quelque chose.",
    tooLong: "C’est trop long. Le maximum est de {most} caractères.",
  },
  identity: {
    tick: "Dire qui je suis",
    label: "Ce qui est joint à votre sujet",
    hint: "Avec vos propres mots, par exemple votre nom et comment vous joindre. Seule la personne qui a fait la demande peut le lire.",
    needed: "Écrivez qui vous êtes, ou décochez la case.",
  },
};
