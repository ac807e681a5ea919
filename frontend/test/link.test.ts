import { describe, expect, it } from "vitest";

import { idOf, keyOf, linkPage, statusLink, withKey } from "../src/model/link";

const KEY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const ID = "t2u3v4w5x6y7z2a3b4c5d6e7f2";

describe("the link to keep", () => {
  it("is the status page with the key behind #", () => {
    const link = statusLink("https://home.example", ID, KEY);
    expect(link).toBe(`https://home.example/api/clip_consent/status/${ID}#${KEY}`);
    const url = new URL(link);
    expect([idOf(url.pathname), keyOf(url.hash)]).toEqual([ID, { identity: KEY }]);
  });

  it("replaces a fragment that is there", () => {
    expect(withKey("https://home.example/x#old", KEY)).toBe(`https://home.example/x#${KEY}`);
  });

  it.each([
    ["", { fault: "missing" }],
    ["#", { fault: "missing" }],
    [`#${KEY.toLowerCase()}`, { identity: KEY }],
    [`#${KEY.slice(0, -1)}`, { fault: "broken" }],
    ["#AGE-SECRET-KEY-PQ-1XYZ", { fault: "broken" }],
  ])("with the fragment %j", (fragment, expected) => {
    expect(keyOf(fragment)).toEqual(expected);
  });

  it.each([
    [`/api/clip_consent/status/${ID}/`, ID],
    ["/api/clip_consent/status/short", null],
    ["/elsewhere", null],
  ])("in %s has the id %s", (path, id) => {
    expect(idOf(path)).toBe(id);
  });
});

it("the page to keep has the link, and nothing in it is markup", () => {
  const page = linkPage(`https://home.example/"><script>`, "<b>", ["a & 'b'"], "de");
  expect(page).toContain('href="https://home.example/&#34;&#62;&#60;script&#62;"');
  expect(page).toContain("<title>&#60;b&#62;</title>");
  expect(page).toContain("<p>a &#38; &#39;b&#39;</p>");
});
