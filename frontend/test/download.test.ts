import { describe, expect, it, vi } from "vitest";

import { download, DownloadError } from "../src/model/download";

const DATA = Uint8Array.from({ length: 1000 }, (_, at) => at % 251);

/** A response whose body breaks after `length` bytes, or ends. */
function part(from: number, length: number, how: "breaks" | "ends", status = from ? 206 : 200): Response {
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent && length > 0) {
        sent = true;
        controller.enqueue(new Uint8Array());
        controller.enqueue(DATA.slice(from, from + length));
      } else if (how === "breaks") {
        controller.error(new TypeError("network"));
      } else {
        controller.close();
      }
    },
  });
  return new Response(body, { status });
}

function world(...answers: (Response | Error)[]) {
  const fetch = vi.fn<typeof globalThis.fetch>();
  for (const answer of answers) {
    if (answer instanceof Error) fetch.mockRejectedValueOnce(answer);
    else fetch.mockResolvedValueOnce(answer);
  }
  fetch.mockRejectedValue(new TypeError("network"));
  return { fetch, wait: vi.fn(() => Promise.resolve()), progress: vi.fn(), signal: new AbortController().signal };
}

async function read(it: ReturnType<typeof world>, size = DATA.length): Promise<Uint8Array> {
  return new Uint8Array(await new Response(download("/drop", size, it)).arrayBuffer());
}

const ranges = (it: ReturnType<typeof world>) =>
  it.fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get("Range"));

describe("a download", () => {
  it("is the bytes, with progress", async () => {
    const it = world(part(0, 1000, "ends"));
    expect(await read(it)).toEqual(DATA);
    expect(it.progress).toHaveBeenLastCalledWith(1);
    expect(ranges(it)).toEqual([null]);
  });

  it("goes on where it broke or ended early", async () => {
    const it = world(
      new TypeError("network"),
      part(0, 300, "breaks"),
      new Response("", { status: 503 }),
      part(300, 500, "ends"),
      part(800, 200, "ends"),
    );
    expect(await read(it)).toEqual(DATA);
    expect(ranges(it)).toEqual([null, null, "bytes=300-", "bytes=300-", "bytes=800-"]);
  });

  it.each([
    ["gone", [new Response("", { status: 404 })]],
    ["gone", [part(0, 300, "breaks"), new Response("", { status: 410 })]],
    ["strange", [new Response("", { status: 403 })]],
    ["strange", [part(0, 300, "breaks"), part(0, 1000, "ends", 200)]],
    ["unreachable", []],
  ] as const)("fails as %s", async (why, answers) => {
    await expect(read(world(...answers))).rejects.toMatchObject({ why });
  });

  it("refuses more than was announced", async () => {
    await expect(read(world(part(0, 1000, "ends")), 999)).rejects.toMatchObject({ why: "strange" });
  });

  it("waits longer each time, and starts anew after progress", async () => {
    const network = new TypeError("network");
    const it = world(network, network, part(0, 300, "breaks"), network, part(300, 700, "ends"));
    await read(it);
    expect(it.wait.mock.calls.flat()).toEqual([500, 1000, 500, 1000]);
  });

  it("can be given up", async () => {
    const it = world(part(0, 500, "breaks"));
    const reader = download("/drop", 1000, it).getReader();
    await reader.read();
    await reader.cancel();
    expect(it.fetch).toHaveBeenCalledTimes(1);
    await expect(download("/drop", 1000, it).cancel()).resolves.toBeUndefined();
  });

  it("ends when it is told to", async () => {
    const ended = new AbortController();
    const reader = download("/drop", 1000, { ...world(part(0, 500, "ends")), signal: ended.signal }).getReader();
    await reader.read();
    ended.abort();
    await expect(reader.read()).rejects.toThrow("abort");
  });

  it("has an error of its own", () => {
    expect(new DownloadError("gone")).toMatchObject({ name: "DownloadError", message: "gone" });
  });
});
