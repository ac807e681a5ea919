/**
 * Stands in for Home Assistant's frontend: hands the panel, or with `?door=card` the card, a
 * `hass` whose answers a test says, and keeps what was asked. Both are the built ones,
 * unchanged.
 */
const wanted = new URLSearchParams(location.search);
const door = wanted.get("door") ?? "panel";
customElements.define("home-assistant", class extends HTMLElement {});
await import(`/clip_consent_static/${door}.js`);
await customElements.whenDefined(`clip-consent-${door}`);

const listeners = { ready: new Set(), disconnected: new Set() };

const host = {
  /** Every command the panel sent. */
  calls: [],
  /** Answers by command: `{ result }` or `{ error }`; a list is used up one by one. */
  answers: {},
  followers: new Set(),
  /** Who follows notices. */
  readers: new Set(),
  /** Strips of pictures that are asked for: `times`, `say(pictures)`, whether it was left. */
  strips: [],
  /** What a subscription is answered with, if it is refused. */
  refused: null,
  snapshot: null,
  /** How far the home's clock is ahead of the page's, in milliseconds. */
  ahead: 0,

  /** As the home says it: with its own time. */
  dated(event) {
    const now = new Date(Date.now() + host.ahead).toISOString();
    return event.event === "progress" ? event : { ...structuredClone(event), now };
  },

  show(snapshot, answers) {
    host.snapshot = snapshot;
    host.answers = answers;
    const shown = document.createElement(`clip-consent-${door}`);
    shown.narrow = innerWidth < 870;
    shown.setConfig?.({ type: "custom:clip-consent-card" });
    shown.hass = hass;
    document.body.append(shown);
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
    for (const follower of host.followers) follower(host.dated(event));
  },

  /** Begin a strip: answered with the pictures of a test, else by `say`, else refused. */
  strip(callback, { times }) {
    const { picture, refused } = host.answers.thumbnail_strip ?? { refused: true };
    if (refused) throw { code: "unknown_command", message: "" };
    const say = (pictures) => callback({ thumbnails: pictures });
    const strip = { times, say, left: false };
    host.strips.push(strip);
    if (picture) setTimeout(() => say(times.map((at) => ({ at, jpeg: picture }))));
    return async () => {
      strip.left = true;
    };
  },

  /** What a test says of notices, as the line of its own that the panel has for them. */
  post(told) {
    for (const reader of host.readers) reader(host.dated(told));
  },

  /** The user chooses another language in their profile. */
  speak(language) {
    const locale = { ...hass.locale, language };
    document.querySelector("clip-consent-panel").hass = { ...hass, locale };
  },

  /** Break the connection, or bring it back. */
  line(event) {
    for (const listener of listeners[event]) listener();
  },
};

const hass = {
  locale: { language: wanted.get("language") ?? "en-GB", time_format: "24" },
  connection: {
    async subscribeMessage(callback, message) {
      host.calls.push(message);
      if (message.type === "clip_consent/thumbnail_strip") return host.strip(callback, message);
      if (host.refused) throw host.refused;
      if (message.type === "clip_consent/notices") {
        const { result, error } = host.answers.notices;
        if (error) throw error;
        host.readers.add(callback);
        setTimeout(() => callback(host.dated(result)));
        return async () => host.readers.delete(callback);
      }
      host.followers.add(callback);
      if (host.snapshot) setTimeout(() => callback(host.dated(host.snapshot)));
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
