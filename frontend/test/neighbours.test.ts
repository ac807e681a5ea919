/** Asking neighbours: what is told of it, and what a form asks. */

import { describe, expect, it } from "vitest";

import {
  areaAround,
  askingOf,
  neighboursAnswer,
  radiiOf,
  withRequest,
  type Form,
} from "../src/model/neighbours";
import { example } from "./examples";

const told = neighboursAnswer(example("neighbours_answer"));
const [hub] = told.hubs;
const [place] = told.places;
const [own] = told.requests;
if (!hub || !place || !own) throw new Error("no example");

const form: Form = {
  hub,
  place,
  radius: 400,
  start: "2026-11-23T19:00",
  end: "2026-11-23T20:00",
  title: "Bicycle gone",
  text: "A red one",
};

it("what the home tells is read", () => {
  expect(own.answers[0]?.state).toBe("here");
  expect(own.area).toEqual(areaAround(place, 400));
});

describe("the form", () => {
  it("asks on the home's clock", () => {
    expect(askingOf(form, "Europe/Berlin")).toEqual({
      portal_id: hub.portal_id,
      camera_id: null,
      radius: 400,
      start: "2026-11-23T18:00:00Z",
      end: "2026-11-23T19:00:00Z",
      title: "Bicycle gone",
      text: "A red one",
    });
  });

  it.each([
    ["", form.end],
    [form.start, "soon"],
    ["2026-11-23", form.end],
    ["2026-03-29T02:30", form.end],
  ])("has no time in %s, %s", (start, end) => {
    expect(askingOf({ ...form, start, end }, "Europe/Berlin")).toBeNull();
  });

  it("offers the radii that the hub takes", () => {
    expect(radiiOf(hub.limits)).toEqual([150, 200, 300, 400, 500, 600]);
    expect(radiiOf({ ...hub.limits, area_min_km2: 0.2, area_max_km2: 0.6 })).toEqual([300, 400]);
  });
});

it("a request that changed is in its place, a new one the first", () => {
  const changed = { ...own, state: "resolved" as const };
  expect(withRequest(told, changed).requests).toEqual([changed]);
  const newer = { ...own, request_id: "b".repeat(26) };
  const both = withRequest(told, newer);
  expect(both.requests).toEqual([newer, own]);
  expect(withRequest(both, changed).requests).toEqual([newer, changed]);
});
