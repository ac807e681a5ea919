/** The form of an invite, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/ask";
import type { Texts } from "../../model/language";

export const insecure =
  "Esta dirección no está cifrada (http). Otras personas de la misma red podrían leer o cambiar lo que envía. Si puede, pida un enlace que empiece por https.";

export const ask: Texts<typeof english.ask> = {
  title: "Pedir imágenes de una cámara",
  lead: "Alguien que tiene una cámara le ha dado este enlace. Diga qué busca y esa persona decide.",
  insecure,
  terms: {
    title: "Antes de pedir",
    voluntary: "Responder es voluntario. El propietario no tiene que decir por qué, ni decir nada en absoluto.",
    invisible:
      "Nadie puede ver una negativa. No se le dirá si la respuesta es no, si no hay imágenes o si nadie ha mirado todavía. Solo leerá «recibida», salvo que se compartan imágenes con usted.",
    seen: "Todos los que deciden en esa casa, es decir, el propietario y las personas que ha elegido, pueden leer lo que usted escribe aquí y ver cuándo lo envió. El servidor del propietario ve su dirección de internet, como cualquier sitio web.",
    kept:
      "Lo que escriba sobre lo ocurrido pasa a ser el fin declarado en las condiciones de un clip. Si no se comparte nada con usted, sus palabras se borran {days} días después de cerrarse la petición; solo queda una huella digital, que no revela nada de ellas. Si se comparte algo, se conservan junto con su registro.",
    sealed:
      "Si se comparte un clip, se cifra con una clave que esta página crea en su dispositivo. Solo lo abre el enlace que recibirá después de enviar.",
    plays: "Este navegador reproduce {codecs}. Cualquier otro clip lo puede guardar y abrir con un reproductor como VLC.",
    playsNone:
      "Este navegador no reproduce ninguno de los formatos de vídeo habituales. Puede guardar un clip y abrirlo con un reproductor como VLC.",
  },
  when: {
    title: "¿Cuándo ocurrió?",
    date: "Fecha",
    from: "Desde",
    to: "Hasta",
    zone: "Hora local de este dispositivo: {zone}",
    zoneOther: "Hora local en la zona {zone}",
    zoneChoose: "Zona horaria de estas horas",
    zoneOwn: "Este dispositivo: {zone}",
    nextDay: "Termina al día siguiente.",
    twice: "Esa noche el reloj marca esta hora dos veces. Se piden las dos.",
    hint: "De 1 minuto a 12 horas, en los últimos 366 días. Cuanto más corto, más posibilidades.",
  },
  what: {
    title: "¿Qué ocurrió?",
    text: "Descríbalo, y qué puede haber visto una cámara",
    hint: "Por ejemplo: «Tiraron mi bicicleta delante del número 12».",
    count: "{n} de {most} caracteres",
  },
  who: {
    title: "¿Quién es usted?",
    name: "Su nombre",
    kind: "Usted pide como",
    kindChoose: "Elija, por favor",
    kinds: {
      neighbour: "Un vecino",
      police: "Policía",
      insurer: "Una aseguradora",
      other: "Otra persona",
    },
    caseNumber: "Número de expediente",
    caseNumberHint: "El propietario lo ve. Las peticiones de la policía necesitan uno.",
    contact: "Teléfono o correo electrónico",
    optional: "opcional",
    contactHint: "Solo si el propietario puede ponerse en contacto con usted. La respuesta en sí llega por su enlace.",
  },
  send: "Enviar petición",
  sending: "Enviando…",
  sendAgain: "Volver a intentarlo",
  change: "Cambiar algo antes",
  faults: {
    date: {
      required: "Elija la fecha.",
      too_old: "De esto hace más de 366 días.",
      future: "Ese día aún no ha llegado. ¿Está en hora este dispositivo?",
    },
    from: {
      required: "Indique la hora a la que empieza.",
      future: "Esto está en el futuro. ¿Está en hora este dispositivo?",
      skipped_hour: "Esta hora no existió ese día: se adelantó el reloj.",
    },
    to: {
      required: "Indique la hora a la que termina.",
      future: "Esto está en el futuro. Elija un final que ya haya pasado.",
      skipped_hour: "Esta hora no existió ese día: se adelantó el reloj.",
      window_short: "El final es igual que el comienzo. Hace falta al menos 1 minuto.",
      window_long: "Son más de 12 horas. Elija un final más cercano al comienzo.",
      end_before_start: "El final es anterior al comienzo. Pasando por medianoche, son 12 horas como máximo.",
    },
    text: {
      required: "Escriba qué ocurrió.",
      too_long: "Es demasiado largo. Caben {most} caracteres.",
    },
    name: {
      required: "Escriba su nombre.",
      too_long: "Es demasiado largo. Caben {most} caracteres.",
    },
    kind: { required: "Elija quién es." },
    contact: { too_long: "Es demasiado largo. Caben {most} caracteres." },
    caseNumber: {
      required: "Las peticiones de la policía necesitan un número de expediente.",
      too_long: "Es demasiado largo. Caben {most} caracteres.",
    },
  },
  summary: {
    one: "Hay una cosa que revisar. Todavía no se ha enviado nada.",
    other: "Hay {n} cosas que revisar. Todavía no se ha enviado nada.",
  },
  failed: {
    not_found:
      "Este enlace no funciona (o ya no), así que no se ha enviado nada. Pida uno nuevo a la persona que se lo dio. Lo que ha escrito sigue aquí.",
    content:
      "La petición no se ha aceptado tal como está y no se ha guardado nada. Compruebe las horas (¿está en hora este dispositivo?) y los textos, y envíela otra vez.",
    unreachable:
      "No se ha podido conectar con el servidor, o se ha perdido su respuesta. Lo que ha escrito sigue aquí. «Volver a intentarlo» es seguro: la misma petición nunca cuenta dos veces.",
    key: "Este navegador no ha podido crear la clave que cifra la respuesta. Compruebe la conexión y vuelva a intentarlo, o use otro navegador.",
  },
  changeNote:
    "Si al final el primer intento llegó, puede que el propietario vea las dos versiones.",
  received: {
    title: "Su petición se ha recibido",
    keep: "Guarde ahora este enlace. Es el único camino hasta una respuesta.",
    why: "La parte que sigue a # es la clave. Se ha creado en este dispositivo y nadie más la tiene, así que nadie puede enviarle el enlace otra vez.",
    until: "Puede volver a mirar hasta el {when}",
    link: "Su enlace",
    kept: "He guardado el enlace",
    keptDone: "Bien. Puede cerrar esta página.",
    open: "Abrirlo ahora",
    leave: "Guarde el enlace antes de salir de esta página.",
    calendar: "Añadir al calendario",
    calendarFirst: "Mirar si hay respuesta sobre las imágenes de la cámara",
    calendarLast: "Último día para mirar si hay respuesta sobre las imágenes de la cámara",
    calendarText:
      "Abra el enlace que guardó al pedir. El enlace no figura en este evento, porque quien lo tenga puede abrir la respuesta.",
    next: "Qué pasa ahora",
    nextText:
      "El propietario decide cuando le viene bien. Abra su enlace de vez en cuando: si comparte un clip o contesta, lo encontrará ahí. Si no, seguirá diciendo «recibida», sea cual sea el motivo.",
    fileTitle: "Petición de imágenes de una cámara",
    fileText: "Abra este enlace para ver si hay respuesta. No lo comparta: quien lo tenga puede abrir la respuesta.",
    fileUntil: "Puede volver a mirar hasta el {when} ({utc}).",
  },
};
