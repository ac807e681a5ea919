/** Invite links, and the test request, in Spanish: "usted" for those who ask, "tú" for the owner, as Home Assistant says it. */

import type * as english from "../en/links";
import type { Texts } from "../../model/language";

export const panel: Texts<typeof english.panel> = {
  links: {
    none: "Todavía no hay ningún enlace de invitación. Añade uno en Ajustes → Dispositivos y servicios → Clip Consent.",
    expired: "Esta invitación ha terminado: su enlace ya no responde a nadie.",
    atHomeOnly:
      "Este enlace solo funciona en casa. Indica una URL externa en los ajustes de red y funcionará también para los demás.",
    kinds: { personal: "personal", public: "pública" },
    unnamed: "Invitación",
    test: "Envíate una petición de prueba",
    testText:
      "Recorre todo el camino: reglas, grabaciones, notificación, tu aprobación. Tú abres la respuesta como quien pide.",
    testButton: "Enviar una petición de prueba",
    testDone:
      "Enviada. Primero haz de propietario: muestra la petición y apruébala. Después haz de quien pide y abre la respuesta en su página. La clave de este enlace no se guarda en ningún otro sitio.",
    testNoPush:
      "Tus teléfonos aún no muestran nada de esta prueba: recibieron una notificación hace menos de 10 minutos, o diez en 24 horas. Si a las {when} sigue en espera, una notificación anuncia todo lo que lo está. Hasta entonces se muestra aquí.",
    testOpen: "Abrir la página de quien pide",
    testCase: "Mostrar la petición",
    testLabel: "Página de estado de la prueba",
  },
};
