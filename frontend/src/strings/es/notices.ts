/** Notices of the neighbourhood, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/notices";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  notices: {
    empty: "No hay ningún aviso abierto de tu vecindario.",
    from: { operator: "De quien gestiona «{hub}»", neighbour: "De alguien del vecindario, por «{hub}»" },
    published: "publicado el {when}",
    until: "Se muestra hasta el {when}.",
    words: "Son sus palabras. Los enlaces e instrucciones que contengan no son nuestros.",
    dismiss: "Apartar",
    comment: {
      title: "Comentar",
      text: "Tu comentario",
      hint: "Solo puede leerlo quien escribió el aviso. Lo verás una vez más antes de que se envíe nada.",
      prepare: "Preparar este comentario",
      identity: "Solo puede leerlo quien escribió el aviso. Con tus propias palabras, por ejemplo tu nombre y cómo localizarte.",
    },
    send: {
      title: "Enviar un aviso",
      lead: "¿Hay algo que tus vecinos deban saber? Primero lo leen los moderadores del hub. Una vez publicado, cualquiera puede leerlo y queda en el registro público del hub. No va ningún nombre.",
      hub: "Hub",
      name: "Título",
      text: "¿Qué deben saber?",
      limits: "Como máximo {title} caracteres para el título y {text} para el texto. Un hub acepta unos pocos avisos al día de una misma dirección.",
      for: "¿Para quién es?",
      near: "Casas cercanas a la tuya",
      all: "Todas las casas del hub",
      nearOnly: "Es para las casas cercanas a la tuya.",
      comments: "Otros pueden comentarlo: solo lo leen quienes aprueban en esta casa",
      button: "Enviar a los moderadores",
      done: "Entregado. Puedes retirarlo durante unos segundos.",
      needed: "Escribe un título y un texto.",
      titleLong: "El título es demasiado largo. Caben {title} caracteres.",
      textLong: "El texto es demasiado largo. Caben {text} caracteres.",
    },
    written: "Enviados desde aquí",
    states: { waiting: "espera a enviarse", sent: "lo tienen los moderadores", refused: "no aceptado" },
    atHub: {
      waiting: "lo tienen los moderadores",
      open: "publicado",
      expired: "terminado",
      resolved: "terminado",
      withdrawn: "retirado",
      redacted: "su texto se quitó del registro",
      unpublished: "nadie lo publicó",
    },
    comments: "Comentarios",
    says: "Dice quién es:",
    noComments: "Todavía no ha llegado ningún comentario.",
    takeBack: "Retirar",
  },
};
