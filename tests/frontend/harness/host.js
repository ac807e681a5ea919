/**
 * Stands in for Home Assistant's frontend: hands the panel a `hass` whose answers a test
 * says, and keeps what the panel asked. The panel is the built one, unchanged.
 */
import "/clip_consent_static/panel.js";

const listeners = { ready: new Set(), disconnected: new Set() };

const host = {
  /** Every command the panel sent. */
  calls: [],
  /** Answers by command: `{ result }` or `{ error }`; a list is used up one by one. */
  answers: {},
  followers: new Set(),
  /** What a subscription is answered with, if it is refused. */
  refused: null,
  snapshot: null,

  show(snapshot, answers) {
    host.snapshot = snapshot;
    host.answers = answers;
    const panel = document.createElement("clip-consent-panel");
    panel.narrow = innerWidth < 870;
    panel.hass = hass;
    document.body.append(panel);
  },

  /** A snapshot that is asked for again tells what has happened since. */
  keep(one) {
    if (!one || !host.snapshot) return;
    const others = host.snapshot.cases.filter(({ case_id: id }) => id !== one.case_id);
    host.snapshot.cases = [...others, one];
  },

  /** Send an event to whoever follows. */
  say(event) {
    host.keep(event.case);
    for (const follower of host.followers) follower(structuredClone(event));
  },

  /** Break the connection, or bring it back. */
  line(event) {
    for (const listener of listeners[event]) listener();
  },
};

const hass = {
  locale: { language: "en-GB", time_format: "24" },
  connection: {
    async subscribeMessage(callback, message) {
      host.calls.push(message);
      if (host.refused) throw host.refused;
      host.followers.add(callback);
      if (host.snapshot) setTimeout(() => callback(structuredClone(host.snapshot)));
      return async () => {
        host.followers.delete(callback);
      };
    },
    addEventListener: (event, listener) => listeners[event].add(listener),
    removeEventListener: (event, listener) => listeners[event].delete(listener),
  },
  async callWS(message) {
    host.calls.push(message);
    const said = host.answers[message.type.replace("clip_consent/", "")];
    const answer = Array.isArray(said) ? said.shift() : said;
    if (!answer) throw { code: "unknown_command", message: "" };
    if ("error" in answer) throw answer.error;
    host.keep(answer.result.case);
    return structuredClone(answer.result);
  },
  fetchWithAuth: (path) => fetch(path),
};

globalThis.host = host;
