import { describe, expect, it } from "vitest";

import {
  digest,
  flag,
  id,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  path,
  record,
  ShapeError,
  text,
  time,
} from "../src/model/shape";

describe("a check", () => {
  it.each([
    [text, "a", "a"],
    [number, 1.5, 1.5],
    [flag, false, false],
    [time, "2026-11-23T18:02:00Z", Date.UTC(2026, 10, 23, 18, 2)],
    [time, "2026-11-23T18:02:00.250Z", Date.UTC(2026, 10, 23, 18, 2, 0, 250)],
    [id, "k5x2mzq7w3d4a6bnt2h5c7e3ya", "k5x2mzq7w3d4a6bnt2h5c7e3ya"],
    [digest, "0".repeat(64), "0".repeat(64)],
    [path, "/api/x?y", "/api/x?y"],
    [oneOf(["a", "b"]), "b", "b"],
    [nullable(text), null, null],
    [nullable(text), "x", "x"],
    [optional(text), undefined, null],
    [optional(text), "x", "x"],
    [list(number), [1, 2], [1, 2]],
    [object({ a: text }), { a: "x", later: 1 }, { a: "x" }],
    [record, { a: 1 }, { a: 1 }],
  ])("lets the right value through", (check, value, expected) => {
    expect(check(value)).toEqual(expected);
  });

  it.each([
    [text, 1],
    [number, "1"],
    [number, Number.NaN],
    [flag, 0],
    [time, "2026-11-23T18:02:00"],
    [time, "2026-11-23T25:02:00Z"],
    [time, 5],
    [id, "K5X2MZQ7W3D4A6BNT2H5C7E3YA"],
    [id, 7],
    [digest, "0".repeat(63)],
    [path, "//evil.example/x"],
    [path, "/\\evil.example/x"],
    [path, "https://evil.example/x"],
    [oneOf(["a", "b"]), "c"],
    [nullable(text), undefined],
    [optional(text), null],
    [list(number), { 0: 1 }],
    [list(number), ["1"]],
    [object({ a: text }), {}],
    [object({ a: text }), null],
    [object({ a: text }), []],
    [record, "a"],
  ])("refuses a wrong value", (check, value) => {
    expect(() => check(value)).toThrow(ShapeError);
  });

  it("names the place of the fault", () => {
    const check = object({ runs: list(object({ start: time })) });
    expect(() => check({ runs: [{ start: "2026-11-23T18:02:00Z" }, { start: 1 }] })).toThrow(
      "answer.runs[1].start: time expected",
    );
  });
});
