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

/** What is told where the card itself, which has all other texts, could not be loaded. */
const FAILED: Readonly<Record<LanguageName, { readonly text: string; readonly retry: string }>> = {
  en: { text: "The requests for footage could not be loaded.", retry: "Try again" },
  de: {
    text: "Die Anfragen nach Aufnahmen konnten nicht geladen werden.",
    retry: "Erneut versuchen",
  },
  es: { text: "No se pudieron cargar las peticiones de imágenes.", retry: "Volver a intentarlo" },
  fr: { text: "Les demandes d’images n’ont pas pu être chargées.", retry: "Réessayer" },
  nl: { text: "De verzoeken om beelden konden niet worden geladen.", retry: "Opnieuw proberen" },
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
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const { CardBody } = await import("./card_body");
      if (this.#body) return;
      this.#body = new CardBody();
    } catch {
      this.#tellFailed();
      return;
    }
    this.#pass();
    this.replaceChildren(this.#body);
  }

  #tellFailed(): void {
    const { text, retry } = FAILED[spokenOf([this.#hass?.locale?.language ?? "en"])];
    const sentence = document.createElement("p");
    sentence.textContent = text;
    const button = document.createElement("button");
    button.textContent = retry;
    button.addEventListener("click", () => void this.#load());
    const inside = document.createElement("div");
    inside.setAttribute("role", "alert");
    inside.style.padding = "16px";
    inside.append(sentence, button);
    const card = document.createElement("ha-card");
    card.append(inside);
    this.replaceChildren(card);
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
