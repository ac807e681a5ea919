/** The link to keep: where the status is, and after `#` the key that never leaves a browser. */

const IDENTITY = /^AGE-SECRET-KEY-1[023456789AC-HJ-NP-Z]{58}$/;

/** The page of a request, with the key that opens its answers. */
export function statusLink(origin: string, id: string, identity: string): string {
  return withKey(new URL(`/api/clip_consent/status/${id}`, origin).href, identity);
}

/** Put a key behind an address. */
export function withKey(url: string, identity: string): string {
  return `${url.replace(/#.*$/, "")}#${identity}`;
}

/** The key in a link's fragment: the key, or why there is none. */
export function keyOf(fragment: string): { identity: string } | { fault: "missing" | "broken" } {
  const key = fragment.replace(/^#/, "").trim().toUpperCase();
  if (key === "") return { fault: "missing" };
  return IDENTITY.test(key) ? { identity: key } : { fault: "broken" };
}

/** The id in `/api/clip_consent/status/<id>`, or null. */
export function idOf(pathname: string): string | null {
  return /\/status\/([a-z2-7]{26})\/?$/.exec(pathname)?.[1] ?? null;
}

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A little page to keep as a file: a title, sentences, the link. */
export function linkPage(
  link: string,
  title: string,
  sentences: readonly string[],
  language: string,
): string {
  const address = escape(link);
  return `<!doctype html>
<html lang="${escape(language)}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<h1>${escape(title)}</h1>
${sentences.map((sentence) => `<p>${escape(sentence)}</p>`).join("\n")}
<p><a href="${address}" rel="noreferrer">${address}</a></p>
`;
}
