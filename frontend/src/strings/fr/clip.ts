/** A clip: chosen, hidden in, prepared, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/clip";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  picker: {
    title: "Choisir le clip",
    camera: "Caméra",
    start: "Début",
    end: "Fin",
    length: "{length} sur {most} au plus",
    gap: "Il y a un trou, et un clip n’en a pas. Prenez une partie :",
    gaps: "La caméra n’a que {length} de cette plage.",
    none: "La caméra n’a rien de cette plage.",
    audio: "Avec le son",
    audioNo: "Avec cette règle, le son n’est jamais envoyé.",
    audioNone: "Aucun son n’a été enregistré avec ce clip.",
    corrected: {
      window:
        "« {which} » passe à {time} : la demande va de {from} à {to}, et il n’est pas possible de choisir au-delà.",
      length: "« {which} » passe à {time} : un clip peut durer {most} au plus.",
      order: "« {which} » passe à {time} : la fin doit venir après le début.",
    },
    noTime:
      "« {which} » reste à {time} : ce qui a été saisi n’est pas une heure de ce jour-là.",
    pictures: "Un appui sur une image règle",
    ends: { start: "le début", end: "la fin" },
    picture: "Régler {which} sur {time}",
    nudge: "{which} {change} s",
    copyBegins: "Une copie de ce passage commence à {time} : elle ne peut commencer qu’à certains endroits.",
    beginAt: "Commencer à {time}",
    exact: "Commencer exactement à {time}",
    exactHint:
      "Seuls ses premiers instants sont recompressés, ou tout l’extrait si l’enregistrement ne permet rien d’autre. Cela prend plus de temps.",
    playable: "Faire une copie lisible dans tous les navigateurs (compressée à nouveau)",
    timeline: "Les enregistrements, et la partie choisie",
    prepare: "Préparer ce clip",
    prepareAgain: "Préparer ce clip à la place",
    notYet: "Approuver envoie toujours le clip affiché plus haut, tant que celui-ci n’est pas préparé.",
    another: "Choisir un autre clip",
  },
  hiding: {
    open: "Masquer quelque chose",
    close: "Fermer le dessin",
    regions: {
      one: "Une zone est masquée",
      other: "{n} zones sont masquées",
    },
    needed:
      "Vos règles ne laissent partir un clip que si quelque chose y est masqué dans l’image. Dessinez d’abord ce qu’il faut masquer : il pourra ensuite être préparé.",
  },
  masks: {
    lead:
      "Dessinez des rectangles sur ce que personne ne doit voir. Dans le fichier, ils sont remplis de noir, et personne ne peut l’annuler. Le son reste, de même qu’une heure inscrite dans l’image, sauf si vous la masquez.",
    hatched:
      "Ce qui est hachuré est masqué dans tous les clips de cette caméra. Cela ne se change que dans les réglages de la caméra.",
    stage: "Image où dessiner",
    noPicture: "Il n’y a pas d’image de cet instant. Vous pouvez tout de même placer des zones.",
    drafted: "Du clip préparé",
    earlier: "Avant",
    later: "Après",
    region: "Zone {n} sur {all}",
    where: "à {left} du bord gauche, à {top} du haut, {width} de large, {height} de haut",
    always: "Toujours masqué",
    sides: {
      left: "Depuis la gauche, %",
      top: "Depuis le haut, %",
      width: "Largeur, %",
      height: "Hauteur, %",
    },
    keys:
      "Dessinez sur l’image, ou ajoutez une zone et déplacez-la. Les flèches déplacent une zone, avec Maj elles changent sa taille, Suppr la supprime.",
    add: "Ajouter une zone",
    delete: "Supprimer cette zone",
    deleted: "Zone supprimée",
    full: "Une image peut avoir {most} zones au plus.",
    everywhere: {
      button: "Masquer cela dans tous les clips de cette caméra",
      sure:
        "Le masquer désormais dans tous les clips de « {camera} », quelle que soit la personne qui les prépare ? On ne peut revenir dessus que dans les réglages de la caméra. Clip Consent redémarre un instant.",
      confirm: "Oui, toujours le masquer",
      keep: "Non, seulement dans ce clip",
      saved: "Enregistré. Clip Consent redémarre : cela prend un instant.",
      done: "C’est désormais masqué dans tous les clips de « {camera} ».",
    },
  },
  seen: {
    by: "Vu par {camera}",
    labels: {
      person: "personne",
      face: "visage",
      car: "voiture",
      vehicle: "véhicule",
      truck: "camion",
      bus: "bus",
      bicycle: "vélo",
      motorcycle: "moto",
      license_plate: "plaque",
      package: "colis",
      animal: "animal",
      pet: "animal domestique",
      dog: "chien",
      cat: "chat",
      bird: "oiseau",
      motion: "mouvement",
    },
  },
  draft: {
    titles: {
      would: "Voici exactement ce qui serait envoyé",
      will: "Voici ce qui sera envoyé",
      was: "Voici ce qui a été envoyé",
      handed: "Voici ce qui vous a été remis pour le transmettre",
      over: "Voici ce qui avait été préparé",
    },
    words: {
      would: "Voici exactement le texte qui serait envoyé",
      will: "Voici le texte qui sera envoyé",
      was: "Voici le texte qui a été envoyé",
      handed: "Voici le texte qui vous a été remis pour le transmettre",
      over: "Voici le texte qui avait été préparé",
    },
    video: "Le clip préparé",
    sheet: "Images tirées du clip préparé",
    notPlayable:
      "Ce navigateur ne peut pas lire cette vidéo ({codec}). Les images montrent ce qu’elle contient.",
    makePlayable: "Faire une copie lisible",
    gone:
      "Le clip a été envoyé. Ce qui peut encore se trouver ici pour être récupéré est chiffré : seule la personne qui l’a demandé peut l’ouvrir, il ne peut donc pas être montré. L’empreinte ci-dessous le désigne.",
    broken: "La vidéo n’a pas pu être chargée.",
    reload: "Recharger",
    camera: "Caméra",
    span: "De – à",
    cut: {
      early: "Choisi : à partir de {chosen}. Le clip commence à {time} : une copie ne peut commencer que là.",
      late: "Choisi : à partir de {chosen}. Le clip ne commence qu’à {time}.",
      short: "Choisi : jusqu’à {chosen}. Le clip se termine déjà à {time}.",
    },
    exact:
      "Commence exactement où vous l’avez demandé ; ses premiers instants ont été encodés de nouveau.",
    makeExact: "Commencer exactement au moment choisi",
    hidden: "Masqué",
    length: "Durée",
    size: "Taille",
    sound: "Son",
    sounds: {
      with: "avec le son",
      without: "pas de son : il a été retiré",
      none: "aucun son n’a été enregistré",
    },
    digest: "SHA-256",
    changes: "Comment il a été fait",
    about: "À votre sujet",
    aboutNothing: "rien. Ni nom, ni adresse, ni nom de caméra.",
  },
};
