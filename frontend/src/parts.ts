/** The heavier parts of panel and card: loaded when they are needed, after the texts. */

const PARTS = {
  case: () => import("./components/case"),
  history: () => import("./components/lists"),
  ledger: () => import("./components/ledger"),
  links: () => import("./components/links"),
  rules: () => import("./components/rules"),
  requests: () => import("./components/lists"),
  seek: () => import("./components/seek"),
} as const;

export type Part = keyof typeof PARTS;

const here = new Set<Part>();

/**
 * Tell whether a part is there; if not, load it and say when it is. An element that is
 * drawn before would be connected to the page before it knows what it was given.
 */
export function need(part: Part, loaded: () => void): boolean {
  if (here.has(part)) return true;
  PARTS[part]().then(
    () => {
      here.add(part);
      loaded();
    },
    () => undefined, // the next drawing tries again
  );
  return false;
}
