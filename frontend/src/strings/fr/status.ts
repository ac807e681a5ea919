/** The page of one who asked, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/status";
import type { Texts } from "../../model/language";
import { insecure } from "./ask";

export const status: Texts<typeof english.status> = {
  title: "Votre demande",
  insecure,
  loading: "Consultation…",
  refresh: "Actualiser maintenant",
  lastLooked: "Dernière consultation à {when}",
  received: {
    title: "Reçue",
    text: "Votre demande est arrivée. Il n’y a rien à ouvrir pour l’instant.",
    until: "Vous pouvez revenir voir jusqu’au {when}",
    more: "D’autres peuvent arriver : vous pouvez revenir voir jusqu’au {when}",
    over: "Le délai pour revenir voir est passé depuis le {when}. Il n’y aura plus de réponse.",
    meaning:
      "Cette page affiche « reçue » dans tous les cas : tant que le propriétaire réfléchit, après un non, quand il n’y a pas d’images. Personne ne peut voir de quel cas il s’agit.",
  },
  answers: { one: "Une réponse est arrivée", other: "{n} réponses sont arrivées" },
  answer: "Réponse {n}",
  size: "{size}, chiffrée avec votre clé",
  until:
    "Peut être ouverte jusqu’au {when}. Enregistrez-la si vous en avez besoin plus longtemps ; certaines ne peuvent être récupérées qu’une fois : 15 minutes après avoir été récupérées en entier, elles disparaissent.",
  open: "Ouvrir",
  openAgain: "Réessayer",
  opening: "Récupération et déchiffrement… {percent}",
  checking: "Vérification…",
  notFound: {
    title: "Rien ici",
    text: "Ce lien est inconnu, ou son délai est passé. Vérifiez qu’il est complet, de https au dernier caractère.",
  },
  unreachable: "Le serveur n’a pas pu être joint. Vérifiez la connexion et réessayez.",
  key: {
    missing: {
      title: "Une partie du lien manque",
      text: "La partie après # est la clé de vos réponses, et elle n’est pas là. Ouvrez le lien exactement tel que vous l’avez enregistré. Personne, pas même le propriétaire, ne peut recréer la clé.",
    },
    broken: {
      title: "Une partie du lien est abîmée",
      text: "La partie après # est la clé de vos réponses, et elle n’est pas complète. Ouvrez le lien exactement tel que vous l’avez enregistré. Personne, pas même le propriétaire, ne peut recréer la clé.",
    },
  },
  failed: {
    title: "Réponse non ouverte",
    gone: "Elle n’est plus là : son délai est passé, elle a été révoquée ou elle a déjà été récupérée.",
    unreachable: "La connexion a été coupée. Rien n’est perdu, réessayez.",
    strange: "Le serveur a envoyé autre chose que ce qu’il annonçait. Rien n’a été ouvert.",
    wrong_key:
      "La clé de ce lien ne correspond pas à cette réponse. Le lien a-t-il été composé à partir de deux autres ? Ouvrez-le exactement tel que vous l’avez enregistré.",
    damaged:
      "Le paquet est abîmé ou a été modifié en route. Il n’est pas affiché, car personne ne peut dire ce que c’est.",
    bad_signature:
      "La signature ne correspond pas : le paquet a été modifié après sa création. Il n’est pas affiché.",
    bad_manifest:
      "Le paquet n’indique pas correctement ce qu’il contient. Il n’est pas affiché.",
    digest_differs:
      "Le contenu n’est pas celui qu’indique son manifeste signé : il a été modifié. Il n’est pas affiché.",
    other_request: "Ce paquet appartient à une autre demande. Il n’est pas affiché.",
    browser:
      "Il manque à ce navigateur quelque chose d’indispensable ici. Utilisez un navigateur récent.",
  },
  clip: "Le clip",
  words: "La réponse du propriétaire",
  silent: "Le clip n’a pas de son.",
  sound: "Le clip a du son. La lecture commence sans le son.",
  videoLabel: "Le clip partagé",
  cannotPlay:
    "Ce navigateur ne peut pas lire cette vidéo ({codec}). Enregistrez-la et ouvrez-la avec un lecteur comme VLC.",
  save: "Enregistrer le clip",
  saveWords: "Enregistrer la réponse",
  saveManifest: "Enregistrer le manifeste",
  saveHint:
    "Gardez les deux fichiers ensemble, sans les modifier : ils permettent à n’importe qui de vérifier plus tard que le contenu est bien celui que vous avez reçu.",
  checks: {
    title: "Ce qui a été vérifié",
    sealed:
      "Déchiffré sur cet appareil avec votre clé. En route, personne ne pouvait voir à l’intérieur.",
    signature: "Le manifeste est signé, et la signature correspond.",
    digest:
      "Le contenu est exactement celui qu’indique le manifeste : {size}, avec ce SHA-256 :",
    request: "Il appartient à cette demande.",
    limits:
      "La clé de signature a été créée pour cet envoi seulement. Elle prouve que rien n’a été modifié depuis, mais pas à qui appartient la caméra, ni qu’une horloge était à l’heure.",
  },
  facts: {
    title: "Ce que l’on voit",
    covered: "De – à",
    length: "Durée",
    asked: "Vous avez demandé",
    camera: "Caméra",
    cameraText: "Numéro {n} de cette demande",
    picture: "Image",
    pictureText: "{width} × {height}, {codec}",
    changes: "Comment il a été fait",
    consent: "Approuvé par le propriétaire",
    identity: "Se présente comme",
  },
  terms: {
    title: "Aux conditions suivantes",
    purpose: "Uniquement dans ce but",
    deleteBy: "À supprimer au plus tard le",
    onward: "Transmission à d’autres",
    onwardNo: "Non autorisée",
    onwardYes: "Autorisée dans ce but",
  },
  local: "Heures dans le fuseau {zone}",
  tools: "L’ouvrir sans cette page",
  toolsText:
    "Le paquet est un fichier age standard. Enregistrez-le, mettez la clé (la partie de votre lien après #) dans un fichier key.txt, puis :",
  toolsSave: "Enregistrer le paquet chiffré",
};
