import { describe, expect, it } from "vitest";

import { bearing, callHub, tokenOf, type Call } from "../src/model/portal_call";
import { submitted } from "../src/model/portal_wire";

const ID = "k5x2mzq7w3d4a6bnt2h5c7e3ya";

function answering(status: number, body: unknown) {
  const asked: { url: unknown; init: RequestInit | undefined }[] = [];
  const get: typeof fetch = (url, init) => {
    asked.push({ url, init });
    return Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
  };
  return { get, asked };
}

const call: Call<{ id: string }> = { url: "https://hub.example/x", check: submitted };

describe("a call", () => {
  it("asks for what is there, without cookies", async () => {
    const { get, asked } = answering(200, { id: ID });
    expect(await callHub(call, get)).toEqual({ kind: "done", value: { id: ID } });
    expect(asked[0]?.init).toMatchObject({ method: "GET", headers: {}, credentials: "omit", redirect: "error" });
  });

  it("sends with the requester's token", async () => {
    const { get, asked } = answering(202, { id: ID });
    await callHub({ ...call, token: "t", body: { a: 1 } }, get);
    expect(asked[0]?.init).toMatchObject({
      method: "POST",
      body: '{"a":1}',
      headers: { Authorization: "Bearer t", "Content-Type": "application/json" },
    });
  });

  it.each([
    [404, { error: "not_found" }, { kind: "not_found" }],
    [404, {}, { kind: "unreachable" }],
    [404, "404: Not Found", { kind: "unreachable" }],
    [400, { error: "area_too_small", field: "area" }, { kind: "refused", code: "area_too_small", field: "area" }],
    [429, { error: "too_many_week" }, { kind: "refused", code: "too_many_week", field: null }],
    [413, {}, { kind: "refused", code: "unknown", field: null }],
    [400, "<html>", { kind: "unreachable" }],
    [503, {}, { kind: "unreachable" }],
    [200, { id: "?" }, { kind: "unreachable" }],
  ])("answered %i %j", async (status, body, expected) => {
    expect(await callHub(call, answering(status, body).get)).toEqual(expected);
  });

  it("that nobody answers is unreachable", async () => {
    expect(await callHub(call, () => Promise.reject(new TypeError("no")))).toEqual({ kind: "unreachable" });
  });
});

it("the token goes along with what else is asked", async () => {
  const { get, asked } = answering(200, "");
  const bearer = bearing("t", get);
  await bearer("x", { headers: { Range: "bytes=5-" }, cache: "no-store" });
  await bearer("x");
  const headers = asked.map(({ init }) => Object.fromEntries(new Headers(init?.headers)));
  expect(headers).toEqual([{ authorization: "Bearer t", range: "bytes=5-" }, { authorization: "Bearer t" }]);
  expect(asked[0]?.init?.cache).toBe("no-store");
});

it.each([
  ["https://hub.example/api/clip_consent/portal/desk#abcDEF_123456789-~.", "abcDEF_123456789-~."],
  [" #abcdef0123456789 ", "abcdef0123456789"],
  ["abcdef0123456789", "abcdef0123456789"],
  ["https://hub.example/api/clip_consent/portal/desk", null],
  ["short", null],
  ["", null],
])("the token in %j", (typed, token) => {
  expect(tokenOf(typed)).toBe(token);
});
