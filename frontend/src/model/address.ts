/** Where the panel is: `/clip-consent`, `?case=<id>` or `?tab=<tab>`. */

export const TABS = ["requests", "neighbours", "notices", "history", "rules", "ledger", "links"] as const;
export type Tab = (typeof TABS)[number];

export interface Address {
  readonly tab: Tab;
  readonly caseId: string | null;
}

export function readAddress(search: string): Address {
  const fields = new URLSearchParams(search);
  const caseId = fields.get("case");
  const tab = TABS.find((known) => known === fields.get("tab"));
  return {
    tab: tab ?? "requests",
    caseId: caseId !== null && /^[a-z2-7]{26}$/.test(caseId) ? caseId : null,
  };
}

export function searchOf({ tab, caseId }: Address): string {
  const fields = new URLSearchParams();
  if (tab !== "requests") fields.set("tab", tab);
  if (caseId !== null) fields.set("case", caseId);
  const search = fields.toString();
  return search === "" ? "" : `?${search}`;
}

/** What tabs go by; `neighbours` is whether there is anything of theirs, `notices` null without a hub. */
interface Role {
  readonly approver: boolean;
  readonly admin: boolean;
  readonly neighbours: boolean;
  readonly notices: number | null;
}

const ADMINS: readonly Tab[] = ["requests", "neighbours", "rules", "ledger"];

/** Tabs for a role: approvers see requests, administrators rules and ledger. */
export function tabsFor(role: Role): Tab[] {
  const seen: readonly Tab[] = role.approver ? TABS : role.admin ? ADMINS : ["requests"];
  return seen
    .filter((tab) => tab !== "neighbours" || role.neighbours)
    .filter((tab) => tab !== "notices" || role.notices !== null);
}

/** A link for people outside; without an address of its own it is under this one. */
export function absolute(url: string, origin: string): string {
  return new URL(url, origin).href;
}
