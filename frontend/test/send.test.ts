import { describe, expect, it, vi } from "vitest";

import { send } from "../src/model/send";
import { example } from "./examples";

const RECEIVED = JSON.stringify(example("ask_response"));
const answer = (status: number, body = "{}") => () => Promise.resolve(new Response(body, { status }));
const broken = () => Promise.reject(new TypeError("network"));

function world(...answers: (() => Promise<Response>)[]) {
  const fetch = vi.fn<typeof globalThis.fetch>();
  for (const one of answers) fetch.mockImplementationOnce(one);
  return { fetch, wait: vi.fn(() => Promise.resolve()) };
}

describe("sending", () => {
  it("returns what the answer says", async () => {
    const it = world(answer(202, RECEIVED));
    expect(await send("/ask", { a: 1 }, it)).toEqual({
      kind: "received",
      id: "t2u3v4w5x6y7z2a3b4c5d6e7f2",
      look_again_until: Date.parse("2026-11-30T19:00:00Z"),
    });
    const [url, init] = it.fetch.mock.calls[0] ?? [];
    expect([url, init?.method, init?.body, init?.credentials]).toEqual(["/ask", "POST", '{"a":1}', "omit"]);
  });

  it.each([
    [404, "not_found"],
    [400, "content"],
    [413, "content"],
    [415, "content"],
  ])("%d is final", async (status, why) => {
    const it = world(answer(status));
    expect(await send("/ask", {}, it)).toEqual({ kind: "refused", why });
    expect(it.fetch).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["a broken connection", broken],
    ["an error of the server", answer(503)],
    ["an answer that is not ours", answer(202, "<html>")],
    ["an id that is none", answer(202, JSON.stringify({ ...example("ask_response"), id: "../x" }))],
  ])("%s is tried again with the same body", async (_name, failing) => {
    const it = world(failing, failing, answer(202, RECEIVED));
    expect((await send("/ask", { a: 1 }, it)).kind).toBe("received");
    expect(it.wait.mock.calls).toEqual([[1000], [3000]]);
    expect(new Set(it.fetch.mock.calls.map(([, init]) => init?.body))).toEqual(new Set(['{"a":1}']));
  });

  it("gives up after three attempts without an answer", async () => {
    const it = world(broken, broken, broken);
    expect(await send("/ask", {}, it)).toEqual({ kind: "unreachable" });
    expect(it.fetch).toHaveBeenCalledTimes(3);
  });
});
