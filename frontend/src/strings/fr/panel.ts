/** The frame of the panel, its list, and what both show of a request first, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/panel";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  title: "Clip Consent",
  menu: "Menu",
  back: "Retour",
  loading: "Chargement…",
  partFailed:
    "Cette partie de la page n’a pas pu être chargée. Vérifiez la connexion et réessayez ; si cela ne suffit pas, rechargez la page.",
  notLoaded:
    "Clip Consent n’est pas en cours d’exécution. Regardez sous Paramètres → Appareils et services, ou réessayez dans un instant.",
  offline:
    "Pas de connexion à Home Assistant. Ce que vous voyez n’est peut-être plus à jour. Tout reprendra dès que la connexion sera rétablie.",
  retry: "Réessayer",
  tabs: { requests: "Demandes", neighbours: "Voisins", notices: "Avis", history: "Historique", rules: "Règles", ledger: "Registre", links: "Liens" },
  off: "Les nouvelles demandes sont désactivées. Toute personne qui en envoie une lit quand même « reçue ».",
  counts: {
    none: "Aucune demande n’est en attente.",
    one: "Une demande attend un approbateur.",
    other: "{n} demandes attendent un approbateur.",
  },
  notApprover:
    "Seuls les approbateurs voient les demandes. Un administrateur peut vous ajouter comme approbateur dans les paramètres de Clip Consent.",
  voluntary: "Répondre est facultatif.",
  free: "Dire non ne coûte rien, ne rien dire non plus. Personne à l’extérieur ne peut voir la différence : la page du demandeur affiche toujours « reçue ».",
  list: {
    waiting: "En attente de vous",
    busy: "En cours",
    done: "Terminées",
    empty: "Rien n’est en attente. Quand quelqu’un fait une demande, elle apparaît ici et sur votre téléphone.",
    trial: "Vous envoyer une demande de test",
    came: { service: "Demandée chez vous", test: "Votre propre test", notice: "Votre commentaire sur un avis" },
    received: "demande du {when}",
  },
  trust: {
    unverified: "Non vérifiée",
    invited: "Invitée",
    verified: "Vérifiée",
  },
  trustText: {
    unverified: "Arrivée par un lien public. Personne n’a vérifié de qui il s’agit.",
    unverifiedLabel:
      "Arrivée par votre lien public « {label} ». Personne n’a vérifié de qui il s’agit.",
    invited: "Arrivée par un lien personnel. Toute personne qui a ce lien peut demander.",
    invitedLabel:
      "Arrivée par le lien personnel que vous avez donné à « {label} ». Toute personne qui a ce lien peut demander.",
    verified: "Un portail auquel vous faites confiance dit avoir vérifié de qui il s’agit.",
    vouched: "« {label} », un hub que vous suivez, dit avoir vérifié de qui il s’agit.",
    notVouched: "Arrivée par « {label} », un hub que vous suivez. Il ne sait pas de qui il s’agit.",
    notice: "Un avis de « {label} », un hub que vous suivez. Votre commentaire ne va qu’à son auteur.",
    service: "Saisie chez vous, pour une personne qui a demandé par téléphone ou à la porte. Pour vos règles, elle compte comme invitée.",
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
  faults: {
    unknown: "Cela n’a pas fonctionné. Réessayez.",
    no_connection:
      "La connexion à Home Assistant a été perdue. Quand elle sera rétablie, regardez si cela a fonctionné avant de réessayer.",
    unauthorized: "Votre utilisateur n’a pas le droit de faire cela.",
    unknown_command: "Clip Consent n’est pas en cours d’exécution. Réessayez dans un instant.",
    invalid_format: "Valeur refusée.",
    strange_answer:
      "Home Assistant a répondu d’une façon que cette page ne connaît pas. Rechargez la page : elle est peut-être plus ancienne que le serveur.",
    timeout:
      "Home Assistant n’a pas répondu à temps. Regardez si cela a fonctionné avant de réessayer.",
    key: "Ce navigateur n’a pas pu créer de clé. Rechargez la page et réessayez.",
    download: "Le fichier n’a pas pu être téléchargé. Réessayez.",
  },
};
