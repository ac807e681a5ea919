/** Which of the languages we have is spoken, and how its texts take the place of English. */

export const LANGUAGES = ["en", "de", "es", "fr", "nl"] as const;
export type LanguageName = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const OWN_NAMES: Readonly<Record<LanguageName, string>> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  nl: "Nederlands",
};

/** Texts of a language: every text that English has. */
export type Texts<English> = English extends string
  ? string
  : { readonly [Key in keyof English]: Texts<English[Key]> };

const primary = (tag: string): string => tag.toLowerCase().replace(/-.*/, "");

function named(tag: string): LanguageName | undefined {
  return LANGUAGES.find((name) => name === primary(tag));
}

/** The first of the wanted languages that we have; English if there is none. */
export function spokenOf(wanted: readonly string[]): LanguageName {
  for (const tag of wanted) {
    const name = named(tag);
    if (name) return name;
  }
  return "en";
}

/** The tag for dates and numbers: the reader's own kind of the language that is spoken. */
export function localeOf(wanted: readonly string[]): string {
  return localeFor(spokenOf(wanted), wanted);
}

/** The same for a language that was chosen. */
export function localeFor(spoken: LanguageName, wanted: readonly string[]): string {
  // without a word of the reader's, English with the day before the month
  const plain = spoken === "en" ? "en-GB" : spoken;
  return wanted.find((tag) => primary(tag) === spoken) ?? plain;
}

interface Tree {
  [key: string]: Tree | string;
}

/** Put texts in the place of others, where they are: whoever holds a part sees the new. */
export function replaceTexts(into: object, from: object): void {
  const there = into as Tree;
  for (const [key, text] of Object.entries(from as Tree)) {
    const before = there[key];
    if (typeof text === "object" && typeof before === "object") replaceTexts(before, text);
    else there[key] = structuredClone(text);
  }
}
