import { describe, expect, it } from "vitest";

import { isAsSent, PublishedCheck } from "../src/model/portal_published";
import { desk, logPage, type DeskRequest, type Recorded } from "../src/model/portal_wire";
import { example } from "./examples";

const [asked] = desk(example("portal_desk")).requests as [DeskRequest];
const item = example("portal_item");

function recorded(text: unknown, more: object = {}, id = asked.id): Recorded {
  const [line] = (example("portal_log") as { entries: [{ entry: object; beside: object }] }).entries;
  const beside = text === null ? null : { ...line.beside, text: typeof text === "string" ? text : JSON.stringify(text) };
  const [found] = logPage({ entries: [{ entry: { ...line.entry, id, ...more }, beside }], head: "" }).entries;
  if (!found) throw new Error("no entry");
  return found;
}

describe("what a hub published", () => {
  it("is what was sent", () => {
    expect(isAsSent(asked, recorded(item))).toBe(true);
  });

  it.each([
    [{ recipient: `age1${"q".repeat(58)}` }],
    [{ title: "Any video" }],
    [{ text: "" }],
    [{ start: "2026-11-23T17:00:00Z" }],
    [{ end: "2026-11-23T20:00:00Z" }],
    [{ contact: "hub@example.org" }],
    [{ case_number: "" }],
    [{ area: { kind: "circle", latitude: 52.52, longitude: 13.4, radius: 600 } }],
    [{ area: { kind: "polygon", points: [[52, 13], [52, 14], [53, 13]] } }],
    [{ id: "z".repeat(26) }],
    [{ type: "notice", cells: [], author: "operator" }],
    [{ type: "survey" }],
    [{ title: 5 }],
  ])("is something else: %j", (changes) => {
    expect(isAsSent(asked, recorded({ ...item, ...changes }))).toBe(false);
  });

  it("is nothing that can be read", () => {
    expect(isAsSent(asked, recorded("not JSON"))).toBe(false);
    expect(isAsSent(asked, recorded(null))).toBe(false);
    expect(isAsSent(asked, recorded(item, { kind: "note" }))).toBe(false);
    expect(isAsSent(asked, recorded(item, {}, "y".repeat(26)))).toBe(false);
  });
});

describe("each open request is looked at once", () => {
  const looking = (answers: Record<string, unknown>) => {
    const urls: string[] = [];
    const get = ((url: string) => {
      urls.push(url);
      const said = answers[url];
      return Promise.resolve(said === undefined ? new Response("", { status: 503 }) : Response.json(said));
    }) as typeof fetch;
    return { urls, get };
  };
  const page = (text: unknown): unknown => {
    const { entry, beside } = recorded(text);
    return { entries: [{ entry: { ...entry, fields: undefined }, beside }], head: "" };
  };
  const where = { [`requests/${asked.id}`]: { log: 7 } };

  it("and found to be another one", async () => {
    const check = new PublishedCheck((path) => path);
    const { urls, get } = looking({ ...where, "log?from=7": page({ ...item, title: "Other" }) });
    await check.look([asked], get);
    await check.look([asked], get);
    expect(check.differs(asked.id)).toBe(true);
    expect(urls).toEqual([`requests/${asked.id}`, "log?from=7"]);
  });

  it("and found to be what was sent", async () => {
    const check = new PublishedCheck((path) => path);
    await check.look([asked], looking({ ...where, "log?from=7": page(item) }).get);
    expect(check.differs(asked.id)).toBe(false);
  });

  it("and again where nobody answered", async () => {
    const check = new PublishedCheck((path) => path);
    for (const answers of [{}, where, { ...where, "log?from=7": { entries: [], head: "" } }]) {
      await check.look([asked], looking(answers).get);
      expect(check.differs(asked.id)).toBe(false);
    }
    await check.look([asked], looking({ ...where, "log?from=7": page({ ...item, title: "Other" }) }).get);
    expect(check.differs(asked.id)).toBe(true);
  });

  it("and missed where the hub says that there is none, for as long as it says so", async () => {
    const check = new PublishedCheck((path) => path);
    const none = (() => Promise.resolve(Response.json({ error: "not_found" }, { status: 404 }))) as typeof fetch;
    await check.look([asked], none);
    expect(check.differs(asked.id)).toBe(true);
    await check.look([asked], looking({ ...where, "log?from=7": page(item) }).get);
    expect(check.differs(asked.id)).toBe(false);
  });

  it("unless nobody can read it (any more)", async () => {
    const { urls, get } = looking({});
    await new PublishedCheck((path) => path).look([{ ...asked, state: "moderation" }], get);
    expect(urls).toEqual([]);
  });
});
