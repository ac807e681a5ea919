/** Put values into a text's `{places}`. A place without a value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : place,
  );
}

/** Choose by number: `{ one: "{n} case", other: "{n} cases" }`. */
export function count(texts: Readonly<{ one: string; other: string }>, n: number): string {
  return fill(n === 1 ? texts.one : texts.other, { n });
}

/** The text of a word that came over the wire; a word not known yet stands for itself. */
export function word(texts: Readonly<Record<string, string>>, key: string): string {
  return (Object.hasOwn(texts, key) ? texts[key] : undefined) ?? key;
}
