/** The heavier parts of panel and card: loaded when they are needed, after the texts. */

const PARTS = {
  case: () => import("./components/case"),
  history: () => import("./components/lists"),
  ledger: () => import("./components/ledger"),
  links: () => import("./components/links"),
  requests: () => import("./components/lists"),
  seek: () => import("./components/seek"),
} as const;

/** Load a part; its element draws itself as soon as it is there. */
export function need(part: keyof typeof PARTS): void {
  // if it cannot be loaded, the next drawing tries again
  PARTS[part]().catch(() => undefined);
}
