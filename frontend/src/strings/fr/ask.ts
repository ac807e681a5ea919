/** The form of an invite, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/ask";
import type { Texts } from "../../model/language";

export const insecure =
  "Cette adresse n’est pas chiffrée (http). D’autres personnes sur le même réseau pourraient lire ou modifier ce que vous envoyez. Si vous le pouvez, demandez un lien qui commence par https.";

export const ask: Texts<typeof english.ask> = {
  title: "Demander des images de caméra",
  lead: "Une personne qui a une caméra vous a donné ce lien. Dites-lui ce que vous cherchez, et elle décide.",
  insecure,
  terms: {
    title: "Avant de demander",
    voluntary:
      "Répondre est facultatif. Le propriétaire n’a pas à dire pourquoi, ni à dire quoi que ce soit.",
    invisible:
      "Personne ne peut voir un refus. Rien ne vous dira si la réponse est non, s’il n’y a pas d’images ou si personne n’a encore regardé. Vous lirez seulement « reçue », sauf si des images sont partagées avec vous.",
    seen: "Toutes les personnes qui décident dans ce foyer, le propriétaire et celles qu’il a choisies, peuvent lire ce que vous écrivez ici et voir quand vous l’avez envoyé. Le serveur du propriétaire voit votre adresse IP, comme tout site web.",
    kept:
      "Ce que vous écrivez sur les faits devient le but indiqué dans les conditions d’un clip. Si rien n’est partagé avec vous, ce que vous avez écrit est supprimé {days} jours après la clôture de la demande ; il ne reste qu’une empreinte, qui n’en révèle rien. Si quelque chose est partagé, cela reste conservé avec la trace de ce partage.",
    sealed:
      "Si un clip est partagé, il est chiffré avec une clé que cette page crée sur votre appareil. Seul le lien que vous obtenez après l’envoi permet de l’ouvrir.",
    plays: "Ce navigateur lit {codecs}. Vous pouvez enregistrer tout autre clip et l’ouvrir avec un lecteur comme VLC.",
    playsNone:
      "Ce navigateur ne lit aucun des formats vidéo habituels. Vous pouvez enregistrer un clip et l’ouvrir avec un lecteur comme VLC.",
  },
  when: {
    title: "Quand cela s’est-il passé ?",
    date: "Date",
    from: "De",
    to: "À",
    zone: "Heure locale de cet appareil : {zone}",
    zoneOther: "Heure locale du fuseau {zone}",
    zoneChoose: "Fuseau horaire de ces heures",
    zoneOwn: "Cet appareil : {zone}",
    nextDay: "Se termine le lendemain.",
    twice:
      "Cette nuit-là, l’horloge affiche deux fois cette heure. La demande porte sur les deux.",
    hint: "De 1 minute à 12 heures, dans les 366 derniers jours. Plus c’est court, plus vous avez de chances.",
  },
  what: {
    title: "Que s’est-il passé ?",
    text: "Décrivez les faits et ce qu’une caméra a pu voir",
    hint: "Par exemple : « Mon vélo a été renversé devant le numéro 12. »",
    count: "{n} caractères sur {most}",
  },
  who: {
    title: "Qui êtes-vous ?",
    name: "Votre nom",
    kind: "Vous demandez en tant que",
    kindChoose: "Veuillez choisir",
    kinds: {
      neighbour: "Voisin ou voisine",
      police: "Police ou gendarmerie",
      insurer: "Assureur",
      other: "Autre personne",
    },
    caseNumber: "Numéro de dossier",
    caseNumberHint: "Le propriétaire le voit. Il est obligatoire pour la police.",
    contact: "Téléphone ou e-mail",
    optional: "facultatif",
    contactHint:
      "Seulement si le propriétaire peut prendre contact avec vous. La réponse elle-même arrive par votre lien.",
  },
  send: "Envoyer la demande",
  sending: "Envoi…",
  sendAgain: "Réessayer",
  change: "Modifier d’abord",
  faults: {
    date: {
      required: "Choisissez la date.",
      too_old: "Cela remonte à plus de 366 jours.",
      future: "Ce jour n’est pas encore venu. L’horloge de cet appareil est-elle à l’heure ?",
    },
    from: {
      required: "Indiquez l’heure de début.",
      future: "C’est dans le futur. L’horloge de cet appareil est-elle à l’heure ?",
      skipped_hour: "Cette heure n’a pas existé ce jour-là : l’horloge a été avancée.",
    },
    to: {
      required: "Indiquez l’heure de fin.",
      future: "C’est dans le futur. Choisissez une fin déjà passée.",
      skipped_hour: "Cette heure n’a pas existé ce jour-là : l’horloge a été avancée.",
      window_short: "La fin est identique au début. Il faut au moins 1 minute.",
      window_long: "Cela fait plus de 12 heures. Choisissez une fin plus proche du début.",
      end_before_start: "La fin est avant le début. En passant minuit, 12 heures sont possibles au plus.",
    },
    text: {
      required: "Écrivez ce qui s’est passé.",
      too_long: "C’est trop long. Le maximum est de {most} caractères.",
    },
    name: {
      required: "Écrivez votre nom.",
      too_long: "C’est trop long. Le maximum est de {most} caractères.",
    },
    kind: { required: "Choisissez qui vous êtes." },
    contact: { too_long: "C’est trop long. Le maximum est de {most} caractères." },
    caseNumber: {
      required: "Une demande de la police doit avoir un numéro de dossier.",
      too_long: "C’est trop long. Le maximum est de {most} caractères.",
    },
  },
  summary: {
    one: "Un point demande votre attention. Rien n’a encore été envoyé.",
    other: "{n} points demandent votre attention. Rien n’a encore été envoyé.",
  },
  failed: {
    not_found:
      "Ce lien ne fonctionne pas (ou plus) : rien n’a été envoyé. Demandez-en un nouveau à la personne qui vous l’a donné. Ce que vous avez écrit est toujours là.",
    content:
      "La demande n’a pas été acceptée telle quelle, et rien n’a été conservé. Vérifiez les heures (l’horloge de cet appareil est-elle à l’heure ?) et les textes, puis renvoyez-la.",
    unreachable:
      "Le serveur n’a pas pu être joint, ou sa réponse s’est perdue. Ce que vous avez écrit est toujours là. Vous pouvez utiliser « Réessayer » sans crainte : la même demande ne compte jamais deux fois.",
    key: "Ce navigateur n’a pas pu créer la clé qui chiffre la réponse. Vérifiez la connexion et réessayez, ou utilisez un autre navigateur.",
  },
  changeNote:
    "Si le premier envoi est arrivé malgré tout, le propriétaire verra peut-être les deux versions.",
  received: {
    title: "Votre demande a été reçue",
    keep: "Gardez maintenant ce lien. C’est le seul moyen d’accéder à une réponse.",
    why: "La partie après # est la clé. Elle a été créée sur cet appareil et personne d’autre ne l’a : personne ne peut donc vous renvoyer ce lien.",
    until: "Vous pouvez revenir voir jusqu’au {when}",
    link: "Votre lien",
    kept: "J’ai gardé le lien",
    keptDone: "Bien. Vous pouvez fermer cette page.",
    open: "L’ouvrir maintenant",
    leave: "Gardez le lien avant de quitter cette page.",
    calendar: "Ajouter au calendrier",
    calendarFirst: "Regarder s’il y a une réponse au sujet des images de caméra",
    calendarLast: "Dernier jour pour chercher une réponse au sujet des images de caméra",
    calendarText:
      "Ouvrez le lien que vous avez gardé lors de votre demande. Il ne figure pas dans cet événement, car quiconque l’a peut ouvrir la réponse.",
    next: "Et maintenant ?",
    nextText:
      "Le propriétaire décide quand il le souhaite. Ouvrez votre lien de temps en temps : s’il partage un clip ou vous écrit, vous le trouverez là. Sinon, vous y lirez toujours « reçue », quelle que soit la raison.",
    fileTitle: "Demande d’images de caméra",
    fileText:
      "Ouvrez ce lien pour voir s’il y a une réponse. Gardez-le pour vous : toute personne qui l’a peut ouvrir la réponse.",
    fileUntil: "Vous pouvez revenir voir jusqu’au {when} ({utc}).",
  },
};
