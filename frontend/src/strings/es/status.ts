/** The page of one who asked, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/status";
import type { Texts } from "../../model/language";
import { insecure } from "./ask";

export const status: Texts<typeof english.status> = {
  title: "Su petición",
  insecure,
  loading: "Consultando…",
  refresh: "Mirar otra vez ahora",
  lastLooked: "Última consulta: {when}",
  received: {
    title: "Recibida",
    text: "Su petición ha llegado. Todavía no hay nada que abrir.",
    until: "Puede volver a mirar hasta el {when}",
    more: "Puede llegar más: vuelva a mirar hasta el {when}",
    over: "El plazo para volver a mirar terminó el {when}. Ya no llegará ninguna respuesta.",
    meaning:
      "Esta página dice «recibida» pase lo que pase: mientras el propietario decide, después de un no, cuando no hay imágenes. Nadie puede ver cuál de las tres cosas es.",
  },
  answers: { one: "Ha llegado una respuesta", other: "Han llegado {n} respuestas" },
  answer: "Respuesta {n}",
  size: "{size}, cifrada con su clave",
  until: "Se puede abrir hasta el {when}. Guárdela si la necesita más tiempo; algunas solo se pueden recoger una vez: 15 minutos después de recogerse enteras, desaparecen.",
  open: "Abrir",
  openAgain: "Volver a intentarlo",
  opening: "Recogiendo y descifrando… {percent}",
  checking: "Comprobando…",
  notFound: {
    title: "Aquí no hay nada",
    text: "No se conoce este enlace, o su plazo ha terminado. Compruebe que está completo, desde https hasta el último carácter.",
  },
  unreachable: "No se ha podido conectar con el servidor. Compruebe la conexión y vuelva a intentarlo.",
  key: {
    missing: {
      title: "Falta una parte del enlace",
      text: "La parte que sigue a # es la clave de sus respuestas, y no está. Abra el enlace exactamente como lo guardó. Nadie, ni siquiera el propietario, puede volver a crear la clave.",
    },
    broken: {
      title: "Una parte del enlace está dañada",
      text: "La parte que sigue a # es la clave de sus respuestas, y no está completa. Abra el enlace exactamente como lo guardó. Nadie, ni siquiera el propietario, puede volver a crear la clave.",
    },
  },
  failed: {
    title: "No se ha abierto",
    gone: "Ya no está: su plazo ha terminado, se retiró o ya se recogió.",
    unreachable: "Se ha cortado la conexión. No se ha perdido nada, vuelva a intentarlo.",
    strange: "El servidor ha enviado algo distinto de lo anunciado. No se ha abierto nada.",
    wrong_key:
      "La clave de este enlace no corresponde a esta respuesta. ¿Se ha compuesto el enlace a partir de dos? Ábralo exactamente como lo guardó.",
    damaged:
      "El paquete está dañado o se cambió por el camino. No se muestra, porque nadie puede decir qué es.",
    bad_signature:
      "La firma no corresponde: el paquete se cambió después de hacerse. No se muestra.",
    bad_manifest: "El paquete no dice correctamente qué contiene. No se muestra.",
    digest_differs:
      "El contenido no es el que dice su manifiesto firmado: se cambió. No se muestra.",
    other_request: "Este paquete es de otra petición. No se muestra.",
    browser: "A este navegador le falta algo que aquí hace falta. Use uno actual.",
  },
  clip: "El clip",
  words: "La respuesta del propietario",
  silent: "El clip no tiene sonido.",
  sound: "El clip tiene sonido. Empieza silenciado.",
  videoLabel: "El clip compartido",
  cannotPlay:
    "Este navegador no puede reproducir este vídeo ({codec}). Guárdelo y ábralo con un reproductor como VLC.",
  save: "Guardar clip",
  saveWords: "Guardar respuesta",
  saveManifest: "Guardar manifiesto",
  saveHint:
    "Guarde los dos archivos juntos y sin cambios: con ellos cualquiera puede comprobar más tarde que el contenido es el que usted recibió.",
  checks: {
    title: "Qué se ha comprobado",
    sealed: "Descifrado en este dispositivo con su clave. Por el camino nadie podía ver lo que contiene.",
    signature: "El manifiesto está firmado y la firma corresponde.",
    digest: "El contenido es exactamente el que dice el manifiesto: {size}, con este SHA-256:",
    request: "Pertenece a esta petición.",
    limits:
      "La clave de firma se creó para esta única entrega. Demuestra que nada se ha cambiado desde entonces, no de quién es la cámara ni que un reloj estuviera en hora.",
  },
  facts: {
    title: "Qué muestra",
    covered: "Desde – hasta",
    length: "Duración",
    asked: "Usted pidió",
    camera: "Cámara",
    cameraText: "Número {n} de esta petición",
    picture: "Imagen",
    pictureText: "{width} × {height}, {codec}",
    changes: "Cómo se hizo",
    consent: "Aprobado por el propietario",
    identity: "Dice ser",
  },
  terms: {
    title: "Con estas condiciones",
    purpose: "Solo para este fin",
    deleteBy: "Bórrelo antes del",
    onward: "Pasarlo a otros",
    onwardNo: "No permitido",
    onwardYes: "Permitido para este fin",
  },
  local: "Horas en {zone}",
  tools: "Abrirlo sin esta página",
  toolsText:
    "El paquete es un archivo age corriente. Guárdelo, ponga la clave (la parte de su enlace que sigue a #) en un archivo key.txt y después:",
  toolsSave: "Guardar el paquete cifrado",
};
