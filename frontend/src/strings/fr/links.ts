/** Invite links, and the test request, in French: "vous" for everybody; narrow no-break spaces before ? ! : ; and inside « ». */

import type * as english from "../en/links";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  links: {
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
      "Envoyée. Soyez d’abord le propriétaire : affichez la demande et approuvez-la. Soyez ensuite le demandeur et ouvrez la réponse sur sa page. La clé que contient ce lien n’est conservée nulle part ailleurs.",
    testNoPush:
      "Vos téléphones n’affichent encore rien de ce test : ils ont reçu une notification il y a moins de 10 minutes, ou dix en 24 heures. S’il attend encore à {when}, une seule notification annoncera tout ce qui attend. D’ici là, il est affiché ici.",
    testOpen: "Ouvrir la page du demandeur",
    testCase: "Voir la demande",
    testLabel: "Page d’état du test",
  },
};
