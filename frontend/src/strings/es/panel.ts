/** The frame of the panel, its list, and what both show of a request first, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/panel";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  title: "Clip Consent",
  menu: "Menú",
  back: "Atrás",
  loading: "Cargando…",
  partFailed:
    "Esta parte de la página no se pudo cargar. Comprueba la conexión e inténtalo de nuevo; si no sirve, recarga la página.",
  notLoaded:
    "Clip Consent no está en marcha. Mira en Ajustes → Dispositivos y servicios, o vuelve a intentarlo dentro de un momento.",
  offline:
    "Sin conexión con Home Assistant. Lo que ves puede ser antiguo. Sigue automáticamente cuando vuelva la conexión.",
  retry: "Volver a intentarlo",
  tabs: { requests: "Peticiones", neighbours: "Vecinos", notices: "Avisos", history: "Historial", rules: "Reglas", ledger: "Registro", links: "Enlaces" },
  off: "Las peticiones nuevas están desactivadas. A quien pide se le dice «recibida» igualmente.",
  counts: {
    none: "No hay ninguna petición en espera.",
    one: "Hay una petición a la espera de quien aprueba.",
    other: "Hay {n} peticiones a la espera de quien aprueba.",
  },
  notApprover:
    "Solo quienes aprueban ven las peticiones. Un administrador puede añadirte en los ajustes de Clip Consent.",
  voluntary: "Responder es voluntario.",
  free: "Decir «no» no cuesta nada, y callar tampoco. Nadie de fuera nota la diferencia: la página de quien pide sigue diciendo «recibida».",
  list: {
    waiting: "Esperan tu respuesta",
    busy: "En marcha",
    done: "Terminadas",
    empty: "No hay nada en espera. Cuando alguien pida algo, aparecerá aquí y en tu teléfono.",
    trial: "Envíate una petición de prueba",
    came: { service: "Pedida en casa", test: "Tu propia prueba", notice: "Tu comentario a un aviso" },
    received: "llegó: {when}",
  },
  trust: {
    unverified: "Sin comprobar",
    invited: "Invitada",
    verified: "Verificada",
  },
  trustText: {
    unverified: "Llegó por un enlace público. Nadie ha comprobado quién es.",
    unverifiedLabel: "Llegó por tu enlace público «{label}». Nadie ha comprobado quién es.",
    invited: "Llegó por un enlace personal. Puede pedir cualquiera que tenga ese enlace.",
    invitedLabel:
      "Llegó por el enlace personal que diste a «{label}». Puede pedir cualquiera que tenga ese enlace.",
    verified: "Un portal en el que confías dice que ha comprobado quién es.",
    vouched: "«{label}», un hub que sigues, dice que ha comprobado quién es.",
    notVouched: "Llegó por «{label}», un hub que sigues. No sabe quién es.",
    notice: "Un aviso de «{label}», un hub que sigues. Tu comentario llega solo a quien lo escribió.",
    service: "Introducida en casa, para alguien que pidió por teléfono o en la puerta. Para tus reglas cuenta como invitada.",
    test: "Una prueba que te enviaste.",
  },
  states: {
    received: "Acaba de llegar",
    screened: "Buscando grabaciones",
    drafting: "Preparando el clip",
    drafted: "El clip está listo",
    waiting: "Espera tu respuesta",
    consented: "Aprobada",
    sealed: "En camino",
    shared: "Compartida",
    closed: "Cerrada",
  },
  closed: {
    declined: "Rechazada",
    expired: "Caducada sin respuesta",
    withdrawn: "Retirada",
    screened_out: "Ignorada por una regla",
    switched_off: "Llegó mientras las peticiones estaban desactivadas",
    over_limit: "Llegó por encima del límite diario",
  },
  faults: {
    unknown: "No ha funcionado. Vuelve a intentarlo.",
    no_connection:
      "Se ha perdido la conexión con Home Assistant. Cuando vuelva, mira si funcionó antes de intentarlo otra vez.",
    unauthorized: "Tu usuario no puede hacer esto.",
    unknown_command: "Clip Consent no está en marcha. Vuelve a intentarlo dentro de un momento.",
    invalid_format: "Un valor no es válido.",
    strange_answer:
      "Home Assistant ha respondido de una manera que esta página no conoce. Vuelve a cargarla: puede ser más antigua que el servidor.",
    timeout: "Home Assistant no ha respondido a tiempo. Mira si funcionó antes de intentarlo otra vez.",
    key: "Este navegador no ha podido crear una clave. Vuelve a cargar la página e inténtalo otra vez.",
    download: "No se ha podido descargar el archivo. Vuelve a intentarlo.",
  },
};
