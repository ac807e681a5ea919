/** The owner's rules, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/rules";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  rules: {
    title: "Tus reglas",
    text: "Se leen del número más bajo al más alto. Decide la primera que encaja; cuentan los límites de todas las que encajan. Ninguna regla aprueba nada.",
    none: "Ninguna regla encaja",
    verdicts: { ask: "Se te pregunta", list: "Queda en la lista, sin notificación", ignore: "Se ignora" },
    decided: {
      one: "Decidió una de las últimas 50 peticiones",
      other: "Decidió {n} de las últimas 50 peticiones",
    },
    fits: "Encaja si se cumple:",
    allows: "Permite:",
    decidedNone: "No decidió ninguna de las últimas 50 peticiones",
    change: "Cambiar las reglas",
    tryTitle: "Pruébalo",
    tryText: "¿Qué dirían las reglas de esto? No se guarda nada y no se pregunta a nadie.",
    trust: "Cómo llegó a ti",
    kind: "Dice ser",
    start: "Imágenes desde",
    end: "Imágenes hasta",
    received: "Llega a las (vacío: ahora)",
    cameras: "La invitación es para estas cámaras",
    areaRadius: "Zona: radio en metros (vacío: sin zona)",
    distance: "Zona: metros de la casa a su borde más cercano (0: la casa está dentro)",
    caseNumber: "Número de expediente",
    words: "Lo que escribe",
    wrong: {
      time: "Indica dos momentos que existan.",
      order: "El final tiene que ir después del comienzo.",
      metres: "Indica metros enteros, por ejemplo 250.",
      radius: "El radio de una zona es de {least} a {most} metros.",
      needsRadius: "Una distancia necesita un radio.",
      far: "La zona puede estar como mucho a {km} km de la casa.",
    },
    try: "Preguntar a las reglas",
  },
};
