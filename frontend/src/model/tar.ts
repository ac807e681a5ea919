/** A strict reader of plain tar: regular files with short names, in a stream. */

const BLOCK = 512;

export class TarError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TarError";
  }
}

/** Told of each file in turn; throws to refuse one. */
export interface TarSink {
  open(name: string, size: number): void;
  data(bytes: Uint8Array): void;
  close(): void;
}

/** Takes an archive in pieces of any size. Anything unusual is a TarError. */
export class TarReader {
  readonly #sink: TarSink;
  readonly #block = new Uint8Array(BLOCK);
  #filled = 0; // of the block
  #left = 0; // bytes of the file still to come
  #padding = 0; // zeros to the next block
  #zeroBlocks = 0;

  constructor(sink: TarSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) rest = rest.subarray(this.#take(rest));
  }

  /** Say that all has come. */
  finish(): void {
    if (this.#left > 0 || this.#padding > 0) throw new TarError("cut short");
    if (this.#zeroBlocks < 2) throw new TarError("no end mark");
    if (!isZero(this.#block.subarray(0, this.#filled))) throw new TarError("cut short");
  }

  #take(bytes: Uint8Array): number {
    if (this.#left > 0) return this.#takeData(bytes);
    if (this.#padding > 0) return this.#takePadding(bytes);
    const taken = Math.min(BLOCK - this.#filled, bytes.length);
    this.#block.set(bytes.subarray(0, taken), this.#filled);
    this.#filled += taken;
    if (this.#filled === BLOCK) {
      this.#filled = 0;
      this.#takeBlock();
    }
    return taken;
  }

  #takeData(bytes: Uint8Array): number {
    const taken = Math.min(this.#left, bytes.length);
    this.#sink.data(bytes.subarray(0, taken));
    this.#left -= taken;
    if (this.#left === 0) this.#sink.close();
    return taken;
  }

  #takePadding(bytes: Uint8Array): number {
    const taken = Math.min(this.#padding, bytes.length);
    if (!isZero(bytes.subarray(0, taken))) throw new TarError("padding is not zero");
    this.#padding -= taken;
    return taken;
  }

  #takeBlock(): void {
    if (isZero(this.#block)) {
      this.#zeroBlocks += 1;
      return;
    }
    if (this.#zeroBlocks > 0) throw new TarError("something after the end mark");
    const { name, size } = readHeader(this.#block);
    this.#sink.open(name, size);
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (size === 0) this.#sink.close();
  }
}

function isZero(bytes: Uint8Array): boolean {
  // Not `every`: packages are padded with megabytes of zeros.
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

function readHeader(block: Uint8Array): { name: string; size: number } {
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (octal(block, 148, 8) !== sum) throw new TarError("header sum is wrong");
  if (field(block, 257, 5) !== "ustar") throw new TarError("not a tar header");
  if (block[156] !== 0x30 && block[156] !== 0) throw new TarError("not a regular file");
  if (field(block, 157, 100) !== "" || field(block, 345, 155) !== "") {
    throw new TarError("links and long names are not used");
  }
  return { name: field(block, 0, 100), size: octal(block, 124, 12) };
}

/** Text up to the first zero; nothing but zeros may follow. */
function field(block: Uint8Array, at: number, length: number): string {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  if (end >= 0 && !isZero(bytes.subarray(end))) throw new TarError("field is not clean");
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
}

function octal(block: Uint8Array, at: number, length: number): number {
  const digits = String.fromCharCode(...block.subarray(at, at + length));
  if (!/^ *[0-7]+[ \0]*$/.test(digits)) throw new TarError("number is not octal");
  return Number.parseInt(digits, 8);
}
