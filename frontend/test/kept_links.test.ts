import { describe, expect, it } from "vitest";

import { KeptLinks } from "../src/model/kept_links";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  } as unknown as Storage;
}

describe("links with a key in them", () => {
  it("outlive a reload of the page, each by its case", () => {
    const tab = storage();
    const before = new KeptLinks(() => tab);
    expect(before.get("a")).toBeUndefined();
    before.set("a", "https://home.example/a#key");
    const after = new KeptLinks(() => tab);
    expect(after.get("a")).toBe("https://home.example/a#key");
    expect(after.get("b")).toBeUndefined();
    after.delete("a");
    expect(after.get("a")).toBeUndefined();
    expect(new KeptLinks(() => tab).get("a")).toBeUndefined();
  });

  it("stay on the page where the browser keeps nothing", () => {
    const links = new KeptLinks(() => {
      throw new DOMException("no", "SecurityError");
    });
    links.set("a", "https://home.example/a#key");
    expect(links.get("a")).toBe("https://home.example/a#key");
    links.delete("a");
    expect(links.get("a")).toBeUndefined();
  });
});
