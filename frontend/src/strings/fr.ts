/** The texts in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "./en";
import type { Texts } from "../model/language";

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
    re_encoded: "Compressé à nouveau pour être lisible dans tous les navigateurs",
    audio_removed: "Son retiré",
    audio_re_encoded: "Son compressé à nouveau",
    metadata_removed: "Informations cachées retirées (lieux, appareils, dates)",
    starts_at_key_frame: "Commence un peu plus tôt, là où l’enregistrement peut être coupé",
    pieces_joined: "Assemblé à partir de plusieurs enregistrements",
  },
};

const insecure =
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
    seen: "Le propriétaire voit ce que vous écrivez ici et quand vous l’avez envoyé. Son serveur voit votre adresse IP, comme tout site web.",
    sealed:
      "S’il partage un clip, celui-ci est verrouillé avec une clé que cette page crée sur votre appareil. Seul le lien que vous obtenez après l’envoi permet de l’ouvrir.",
  },
  when: {
    title: "Quand cela s’est-il passé ?",
    date: "Date",
    from: "De",
    to: "À",
    zone: "Heure locale de cet appareil : {zone}",
    nextDay: "Se termine le lendemain.",
    twice:
      "Cette nuit-là, l’horloge affiche deux fois cette heure. La demande porte sur les deux.",
    length: "{length}",
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
    key: "Ce navigateur n’a pas pu créer la clé qui verrouille la réponse. Vérifiez la connexion et réessayez, ou utilisez un autre navigateur.",
  },
  changeNote:
    "Si le premier envoi est arrivé malgré tout, le propriétaire verra peut-être les deux versions.",
  received: {
    title: "Votre demande a été reçue",
    keep: "Gardez maintenant ce lien. C’est le seul moyen d’accéder à une réponse.",
    why: "La partie après # est la clé. Elle a été créée sur cet appareil et personne d’autre ne l’a : personne ne peut donc vous renvoyer ce lien.",
    until: "Revenez voir jusqu’au {when}",
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
    fileUntil: "Revenez voir jusqu’au {when} ({utc}).",
  },
};

export const status: Texts<typeof english.status> = {
  title: "Votre demande",
  insecure,
  loading: "Consultation…",
  refresh: "Actualiser maintenant",
  lastLooked: "Dernière consultation à {when}",
  received: {
    title: "Reçue",
    text: "Votre demande est arrivée. Il n’y a rien à ouvrir pour l’instant.",
    until: "Revenez voir jusqu’au {when}",
    more: "D’autres peuvent arriver : revenez voir jusqu’au {when}",
    over: "Le délai pour revenir voir est passé depuis le {when}. Il n’y aura plus de réponse.",
    meaning:
      "Cette page affiche « reçue » dans tous les cas : tant que le propriétaire réfléchit, après un non, quand il n’y a pas d’images. Personne ne peut voir lequel.",
  },
  answers: { one: "Une réponse est arrivée", other: "{n} réponses sont arrivées" },
  answer: "Réponse {n}",
  size: "{size}, verrouillée avec votre clé",
  until:
    "Peut être ouverte jusqu’au {when}. Enregistrez-la si vous en avez besoin plus longtemps ; certaines ne peuvent être récupérées qu’une fois : 15 minutes après avoir été récupérées en entier, elles disparaissent.",
  open: "Ouvrir",
  openAgain: "Réessayer",
  opening: "Récupération et déverrouillage… {percent}",
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
  sound: "Le clip a du son. Il démarre en sourdine.",
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
      "Déverrouillé sur cet appareil avec votre clé. En route, personne ne pouvait voir à l’intérieur.",
    signature: "Le manifeste est signé, et la signature correspond.",
    digest:
      "Le contenu est exactement celui qu’indique le manifeste : {size}, avec ce SHA-256 :",
    request: "Il appartient à cette demande.",
    limits:
      "La clé de signature a été créée pour cet envoi seulement. Elle prouve que rien n’a été modifié depuis, mais pas à qui est la caméra, ni qu’une horloge était à l’heure.",
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
  },
  terms: {
    title: "À ces conditions",
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
  toolsSave: "Enregistrer le paquet verrouillé",
};

export const panel: Texts<typeof english.panel> = {
  title: "Clip Consent",
  menu: "Menu",
  back: "Retour",
  loading: "Chargement…",
  notLoaded:
    "Clip Consent n’est pas en cours d’exécution. Regardez sous Paramètres → Appareils et services, ou réessayez dans un instant.",
  offline:
    "Pas de connexion à Home Assistant. Ce que vous voyez n’est peut-être plus à jour. Tout reprendra dès que la connexion sera rétablie.",
  retry: "Réessayer",
  tabs: { requests: "Demandes", history: "Historique", rules: "Règles", ledger: "Registre", links: "Liens" },
  off: "Les nouvelles demandes sont désactivées. Toute personne qui en envoie une lit quand même « reçue ».",
  counts: {
    none: "Aucune demande n’est en attente.",
    one: "Une demande attend un approbateur.",
    other: "{n} demandes attendent un approbateur.",
  },
  notApprover:
    "Seuls les approbateurs voient les demandes. Un administrateur peut vous ajouter comme approbateur dans les paramètres de Clip Consent.",
  free: "Dire non ne coûte rien, ne rien dire non plus. Personne à l’extérieur ne peut voir la différence : la page du demandeur affiche toujours « reçue ».",
  list: {
    waiting: "En attente de vous",
    busy: "En cours",
    done: "Terminées",
    empty: "Rien n’est en attente. Quand quelqu’un fait une demande, elle apparaît ici et sur votre téléphone.",
    came: { service: "Demandé chez vous", test: "Votre propre test" },
    received: "demande du {when}",
  },
  trust: {
    unverified: "Non vérifié",
    invited: "Invité",
    verified: "Vérifié",
  },
  trustText: {
    unverified: "Arrivée par un lien public. Personne n’a vérifié de qui il s’agit.",
    unverifiedLabel:
      "Arrivée par votre lien public « {label} ». Personne n’a vérifié de qui il s’agit.",
    invited: "Arrivée par un lien personnel. Toute personne qui a ce lien peut demander.",
    invitedLabel:
      "Arrivée par le lien personnel que vous avez donné à « {label} ». Toute personne qui a ce lien peut demander.",
    verified: "Un portail auquel vous faites confiance dit avoir vérifié de qui il s’agit.",
    service: "Saisie chez vous, pour une personne qui a demandé par téléphone ou à la porte.",
    test: "Un test que vous avez envoyé vous-même.",
  },
  states: {
    received: "Vient d’arriver",
    screened: "Recherche d’enregistrements",
    drafting: "Préparation du clip",
    drafted: "Clip prêt",
    waiting: "En attente de vous",
    consented: "Approuvé",
    sealed: "En route",
    shared: "Partagé",
    closed: "Demande clôturée",
  },
  closed: {
    declined: "Refusée",
    expired: "Expirée sans réponse",
    withdrawn: "Retirée",
    screened_out: "Ignorée par une règle",
    switched_off: "Arrivée alors que les demandes étaient désactivées",
    over_limit: "Arrivée au-delà de la limite quotidienne",
  },
  one: {
    who: "Qui demande",
    what: "Motif",
    when: "Quand",
    name: "Nom indiqué",
    contact: "Contact indiqué",
    caseNumber: "Numéro de dossier indiqué",
    words: "Les mots du demandeur. Les liens et consignes qu’ils contiennent ne viennent pas de nous.",
    answerBy: "Vous pouvez répondre jusqu’au {when}",
    rule: "Vos règles",
    found: "Ce que vos caméras ont enregistré",
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
  progress: {
    draft: "Préparation du clip… {percent}",
    seal: "Verrouillage pour le demandeur… {percent}",
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
  picker: {
    title: "Choisir le clip",
    camera: "Caméra",
    start: "Début",
    end: "Fin",
    length: "{length} sur {most} au plus",
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
    noPicture: "pas d’image",
    nudge: "{which} {change} s",
    playable: "Faire une copie lisible dans tous les navigateurs (compressée à nouveau)",
    timeline: "Les enregistrements, et la partie choisie",
    prepare: "Préparer ce clip",
    prepareAgain: "Préparer ce clip à la place",
    notYet: "Approuver envoie toujours le clip affiché plus haut, tant que celui-ci n’est pas préparé.",
    another: "Choisir un autre clip",
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
      "Le clip a été envoyé. Ce qui peut encore se trouver ici pour être récupéré est scellé : seule la personne qui l’a demandé peut l’ouvrir, il ne peut donc pas être montré. L’empreinte ci-dessous le désigne.",
    broken: "La vidéo n’a pas pu être chargée.",
    reload: "Recharger",
    camera: "Caméra",
    span: "De – à",
    length: "Durée",
    picture: "Image",
    size: "Taille",
    sound: "Son",
    sounds: {
      with: "avec le son",
      without: "pas de son : il a été retiré",
      none: "aucun son n’a été enregistré",
    },
    digest: "SHA-256",
    changes: "Comment il a été fait",
  },
  approve: {
    button: "Approuver et envoyer",
    buttonHandOver: "Approuver, puis télécharger",
    note:
      "Seule la personne qui a envoyé cette demande peut l’ouvrir. Vous pouvez annuler pendant quelques secondes. Les conditions l’accompagnent : uniquement pour ce but, à supprimer sous 90 jours, à ne pas transmettre.",
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
    prepare: "Préparer cette réponse",
    needed: "Écrivez d’abord quelque chose.",
    tooLong: "C’est trop long. Le maximum est de {most} caractères.",
  },
  deliveries: {
    title: "Ce que vous avez partagé",
    at: "Partagé le",
    until: "Peut être récupéré jusqu’au",
    untilNot: "Téléversé, il n’est plus entre vos mains",
    handed: "Peut être téléchargé jusqu’au",
    size: "Taille de l’envoi, scellé et complété",
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
    none: "Rien ne correspond.",
    noneYet: "Rien parmi les plus récentes. Il y en a de plus anciennes.",
  },
  rules: {
    title: "Vos règles",
    text: "Elles sont lues du plus petit numéro au plus grand. La première qui convient décide ; les limites de toutes celles qui conviennent comptent. Aucune règle n’approuve quoi que ce soit.",
    none: "Aucune règle ne convient",
    verdicts: { ask: "On vous demande", list: "Elle est listée, sans notification", ignore: "Elle est ignorée" },
    decided: {
      one: "A décidé d’une des 50 dernières demandes",
      other: "A décidé de {n} des 50 dernières demandes",
    },
    decidedNone: "N’a décidé d’aucune des 50 dernières demandes",
    change: "Modifier les règles",
    tryTitle: "Essayer",
    tryText: "Que diraient les règles de ceci ? Rien n’en est gardé, et personne n’est sollicité.",
    trust: "Comment cette personne vous a joint",
    kind: "Elle dit être",
    start: "Images de",
    end: "Images jusqu’à",
    caseNumber: "Numéro de dossier",
    words: "Ce qu’elle écrit",
    wrong: {
      time: "Indiquez deux moments qui existent.",
      order: "La fin doit venir après le début.",
    },
    try: "Interroger les règles",
  },
  ledger: {
    empty: "Rien pour l’instant.",
    more: "Afficher les plus anciennes",
    whole: "Entrées : {n}. La chaîne est intacte.",
    fault:
      "La chaîne est rompue à l’entrée {n}. Quelqu’un a modifié, supprimé ou déplacé des entrées, ou le fichier est abîmé. Gardez-en une copie avant de continuer.",
    head: "Empreinte de la dernière entrée",
    case: "Voir la demande",
    about: "Demande {id}",
    details: "Détails",
    verify: "Vérifier maintenant",
    checked: "Vérifié le {when}.",
    save: "Enregistrer le registre",
    saved: "Un fichier que chacun peut vérifier sans cette maison : la documentation dit comment. Il contient des empreintes et des heures, aucun mot des demandeurs.",
    kinds: {
      received: "Demande reçue",
      screened: "Règles appliquées",
      rescreened: "Règles appliquées à nouveau",
      matched: "Enregistrements recherchés",
      chosen: "Clip choisi",
      drafted: "Clip préparé",
      draft_failed: "Le clip n’a pas pu être préparé",
      answer_chosen: "Réponse écrite",
      answer_drafted: "Réponse préparée",
      answer_draft_failed: "La réponse n’a pas pu être préparée",
      offered: "Soumis aux approbateurs",
      asked: "Téléphones sollicités, ou laissé au récapitulatif",
      first_approved: "Première de deux approbations",
      approved: "Approuvé",
      approve_rejected: "Une approbation qui n’a pas compté",
      answer_too_late: "Une réponse arrivée trop tard",
      undone: "Approbation annulée",
      voided: "Proposition caduque",
      key_set: "Clé du lien de retrait définie",
      sealed: "Verrouillé pour le demandeur",
      shared: "Partagé",
      delivery_delayed: "Envoi retardé",
      delivery_refused: "Envoi refusé",
      fetched: "Lien de retrait ouvert",
      revoked: "Envoi révoqué",
      closed: "Demande clôturée",
      flooded: "Beaucoup trop de demandes : seulement comptées",
      accepting: "Nouvelles demandes activées ou désactivées",
      removed: "L’intégration a été supprimée",
      one_tap_exposed:
        "Approbation en un appui permise sur un téléphone dont la liaison n’est pas chiffrée",
      restored: "Restauré depuis une sauvegarde",
    },
  },
  links: {
    invites: "Liens d’invitation",
    none: "Il n’y a pas encore de lien d’invitation. Ajoutez-en un sous Paramètres → Appareils et services → Clip Consent.",
    expired: "Cette invitation est terminée : son lien ne répond plus à personne.",
    atHomeOnly:
      "Ce lien ne fonctionne que chez vous. Définissez une URL externe dans les paramètres réseau, et il fonctionnera aussi pour les autres.",
    kinds: { personal: "personnel", public: "public" },
    unnamed: "Invitation",
    test: "Vous envoyer une demande de test",
    testText:
      "Elle suit tout le parcours : règles, enregistrements, notification, votre approbation. Vous ouvrez la réponse à la place du demandeur.",
    testButton: "Envoyer une demande de test",
    testDone:
      "Envoyée. Ouvrez sa page d’état dans un autre onglet ; la clé que contient ce lien n’est conservée nulle part ailleurs.",
    testNoPush:
      "Vos téléphones n’affichent encore rien de ce test : ils ont reçu une notification il y a moins de 10 minutes, ou dix en 24 heures. S’il attend encore à {when}, une seule notification annoncera tout ce qui attend. D’ici là, il est affiché ici.",
    testOpen: "Ouvrir la page d’état",
    testCase: "Voir la demande",
    testLabel: "Page d’état du test",
  },
  faults: {
    unknown: "Cela n’a pas fonctionné. Réessayez.",
    no_connection:
      "La connexion à Home Assistant a été perdue. Quand elle sera rétablie, regardez si cela a fonctionné avant de réessayer.",
    unauthorized: "Votre utilisateur n’a pas le droit de faire cela.",
    unknown_command: "Clip Consent n’est pas en cours d’exécution. Réessayez dans un instant.",
    strange_answer:
      "Home Assistant a répondu d’une façon que cette page ne connaît pas. Rechargez la page : elle est peut-être plus ancienne que le serveur.",
    timeout:
      "Home Assistant n’a pas répondu à temps. Regardez si cela a fonctionné avant de réessayer.",
    key: "Ce navigateur n’a pas pu créer de clé. Rechargez la page et réessayez.",
    download: "Le fichier n’a pas pu être téléchargé. Réessayez.",
  },
};
