/** What was: requests that are over, and what was shared, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/history";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  deliveries: {
    title: "Lo que has compartido",
    what: "Qué",
    words: "Una respuesta con palabras",
    receipt: "Guardar el recibo",
    at: "Compartida",
    until: "Se puede recoger hasta el",
    untilNot: "Subido, ya no está en tus manos",
    handed: "Se puede descargar hasta el",
    size: "Tamaño enviado, cifrado y con relleno",
    download: "Descargar el clip",
    downloading: "Descargando…",
    revoked: "Retirado el {when}",
    revoke: "Retirar",
    sure: "¿Retirarlo? Después ya no se puede recoger. Lo que ya se recogió sigue allí.",
    confirm: "Sí, retirarlo",
    keep: "Dejarlo",
  },
  history: {
    empty: "Todavía nada.",
    more: "Mostrar anteriores",
    search: "Buscar",
    only: "Mostrar",
    show: { all: "Todas las peticiones", shared: "Solo lo compartido" },
    camera: "Cámara",
    allCameras: "Todas las cámaras",
    day: "Imágenes del día",
    none: "Nada encaja.",
    noneYet: "Nada entre las más recientes. Hay anteriores.",
  },
};
