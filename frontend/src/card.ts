/**
 * The card `custom:clip-consent-card`. Home Assistant loads this file with every page, so
 * it holds no more than what the card picker wants to know; the card itself comes later.
 */

import type { Hass } from "./hass";
import { spokenOf, type LanguageName } from "./model/language";
import type { CardBody } from "./card_body";

const TYPE = "clip-consent-card";

const DESCRIPTIONS: Readonly<Record<LanguageName, string>> = {
  en: "Requests for footage that wait for your answer.",
  de: "Anfragen nach Aufnahmen, die auf deine Antwort warten.",
  es: "Peticiones de imágenes que esperan tu respuesta.",
  fr: "Demandes d’images qui attendent votre réponse.",
  nl: "Verzoeken om beelden die op je antwoord wachten.",
};

export interface CardConfig {
  readonly type: string;
  /** Shown above the requests; without one, the name of the project. */
  readonly title?: string;
}

interface Entities {
  readonly entities?: Readonly<Record<string, { readonly platform?: string }>>;
}

class Card extends HTMLElement {
  #body: CardBody | null = null;
  #config: CardConfig = { type: `custom:${TYPE}` };
  #hass: Hass | null = null;

  static getStubConfig(): object {
    return {};
  }

  static getConfigForm(): object {
    return { schema: [{ name: "title", selector: { text: {} } }], assertConfig: checked };
  }

  /** Throws if it is no configuration of this card; Home Assistant shows why. */
  setConfig(config: CardConfig): void {
    this.#config = checked(config);
    this.#pass();
  }

  set hass(hass: Hass) {
    this.#hass = hass;
    this.#pass();
  }

  getCardSize(): number {
    return 4;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6, rows: "auto" };
  }

  connectedCallback(): void {
    this.style.display = "block";
    void import("./card_body").then(({ CardBody }) => {
      if (this.#body) return;
      this.#body = new CardBody();
      this.#pass();
      this.append(this.#body);
    });
  }

  #pass(): void {
    if (!this.#body || !this.#hass) return;
    this.#body.heading = this.#config.title;
    this.#body.hass = this.#hass;
  }
}

function checked(config: CardConfig): CardConfig {
  if (config.title !== undefined && typeof config.title !== "string") {
    throw new Error("title: text");
  }
  return config;
}

interface Picker {
  customCards?: object[];
}

/** Whose presence tells that Home Assistant's own code has run: the app, or a cast screen. */
const APPS = ["home-assistant", "hc-main"];

/**
 * Home Assistant puts a registry of its own in place of the browser's, and loads this file
 * side by side with the code that does. What was defined before that is not found after it.
 */
async function register(): Promise<void> {
  await Promise.race(APPS.map((name) => customElements.whenDefined(name)));
  if (customElements.get(TYPE)) return;
  customElements.define(TYPE, Card);
  ((window as Picker).customCards ??= []).push({
    type: TYPE,
    name: "Clip Consent",
    get description() {
      return DESCRIPTIONS[spokenOf([document.documentElement.lang])];
    },
    preview: true,
    getEntitySuggestion: ({ entities }: Entities, entityId: string) =>
      entities?.[entityId]?.platform === "clip_consent"
        ? { config: { type: `custom:${TYPE}` } }
        : null,
  });
}

void register();
