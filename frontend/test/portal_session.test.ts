import { describe, expect, it } from "vitest";

import { KeptDesk } from "../src/model/portal_session";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    length: 0,
    clear: () => kept.clear(),
    key: () => null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

describe("what a desk remembers", () => {
  it("is there again, until it is forgotten", () => {
    const here = storage();
    const desk = new KeptDesk(() => here);
    expect(desk.read()).toBeNull();
    expect(desk.write({ token: "t", secret: null })).toBe(true);
    expect(new KeptDesk(() => here).read()).toEqual({ token: "t", secret: null });
    desk.forget();
    expect(desk.read()).toBeNull();
  });

  it("is nothing where another wrote something else", () => {
    const here = storage();
    here.setItem("clip-consent-desk", "{");
    expect(new KeptDesk(() => here).read()).toBeNull();
  });

  it("is nothing where a browser keeps nothing", () => {
    const desk = new KeptDesk(() => {
      throw new DOMException("no", "SecurityError");
    });
    expect([desk.read(), desk.write({ token: "t", secret: "s" })]).toEqual([null, false]);
    expect(() => desk.forget()).not.toThrow();
  });
});
