/** What pages and panel both say, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/common";
import type { Texts } from "../../model/language";

export const common: Texts<typeof english.common> = {
  language: "Idioma",
  copy: "Copiar enlace",
  copied: "Copiado",
  share: "Compartir…",
  showQr: "Mostrar código QR",
  hideQr: "Ocultar código QR",
  qrAlt: "Código QR del enlace",
  saveFile: "Guardar como archivo",
  kinds: {
    neighbour: "Vecino",
    police: "Policía",
    insurer: "Aseguradora",
    other: "Otro",
  },
  changes: {
    stream_copy: "Copiado de la grabación tal como está, sin volver a comprimir",
    re_encoded: "Todo el vídeo comprimido de nuevo",
    audio_removed: "Sonido eliminado",
    audio_re_encoded: "Sonido comprimido otra vez",
    metadata_removed: "Información oculta eliminada (lugares, dispositivos, fechas)",
    starts_at_key_frame: "Empieza un poco antes, donde la grabación permite un corte",
    pieces_joined: "Unido a partir de varias grabaciones",
    start_re_encoded:
      "Primeros instantes comprimidos de nuevo, para que empiece exactamente donde se eligió",
    masked: "Partes de la imagen rellenas de negro",
    clock_corrected: "Horas corregidas: el reloj del grabador no iba bien",
  },
};
