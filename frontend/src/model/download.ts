/** Fetching sealed bytes: goes on where it stopped when the network drops. */

export class DownloadError extends Error {
  readonly why: "gone" | "unreachable" | "strange";

  constructor(why: DownloadError["why"]) {
    super(why);
    this.name = "DownloadError";
    this.why = why;
  }
}

export interface DownloadWorld {
  readonly fetch: typeof fetch;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly progress: (done: number) => void;
  /** Ends the download: a stream that nobody reads to its end goes on by itself. */
  readonly signal: AbortSignal;
}

const PAUSES = [500, 1_000, 2_000, 4_000, 8_000]; // milliseconds, while nothing comes

/** The bytes of `url` as a stream, exactly `size` of them, or a DownloadError. */
export function download(
  url: string,
  size: number,
  world: DownloadWorld,
): ReadableStream<Uint8Array> {
  const source = new Resumed(url, size, world);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await source.next();
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      cancel: () => source.stop(),
    },
    { highWaterMark: 0 },
  );
}

class Resumed {
  readonly #url: string;
  readonly #size: number;
  readonly #world: DownloadWorld;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  #done = 0;
  #failures = 0;

  constructor(url: string, size: number, world: DownloadWorld) {
    this.#url = url;
    this.#size = size;
    this.#world = world;
  }

  async next(): Promise<Uint8Array | null> {
    while (this.#done < this.#size) {
      this.#world.signal.throwIfAborted();
      const chunk = await this.#read();
      if (!chunk) {
        await this.#pause();
        continue;
      }
      if (chunk.length === 0) continue;
      this.#failures = 0;
      this.#done += chunk.length;
      if (this.#done > this.#size) throw new DownloadError("strange");
      this.#world.progress(this.#done / this.#size);
      return chunk;
    }
    await this.stop();
    return null;
  }

  async stop(): Promise<void> {
    const reader = this.#reader;
    this.#reader = null;
    await reader?.cancel().catch(() => undefined); // already broken: nothing left to stop
  }

  /** One chunk; null when the connection failed or ended early. */
  async #read(): Promise<Uint8Array | null> {
    try {
      this.#reader ??= await this.#connect();
      const { value } = await this.#reader.read();
      if (value) return value;
    } catch (error) {
      if (error instanceof DownloadError) throw error;
    }
    await this.stop();
    return null;
  }

  async #connect(): Promise<ReadableStreamDefaultReader<Uint8Array>> {
    const range = { Range: `bytes=${this.#done}-` };
    const answer = await this.#world.fetch(this.#url, {
      headers: this.#done > 0 ? range : {},
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: this.#world.signal,
    });
    if (answer.status === 404 || answer.status === 410) throw new DownloadError("gone");
    if (answer.status >= 500 || answer.status === 429 || !answer.body) throw new TypeError("later");
    if (answer.status !== (this.#done > 0 ? 206 : 200)) throw new DownloadError("strange");
    return answer.body.getReader();
  }

  async #pause(): Promise<void> {
    const pause = PAUSES[this.#failures];
    if (pause === undefined) throw new DownloadError("unreachable");
    this.#failures += 1;
    await this.#world.wait(pause);
  }
}
