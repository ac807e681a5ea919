/** Several files as one ZIP archive, not compressed: films do not get smaller. */

export interface ZipFile {
  /** ASCII. */
  readonly name: string;
  readonly content: Blob;
}

/**
 * Bytes of content in one archive: places in it are numbers of four bytes, and a larger one
 * would be broken without a word. What is left is room for its lists.
 */
export const ARCHIVE_MAX = 2 ** 32 - 2 ** 20;

export function sizeOf(files: readonly ZipFile[]): number {
  return files.reduce((sum, { content }) => sum + content.size, 0);
}

/** Share answers out to archives, in their order; the files of one stay together. */
export function sharedOut(answers: readonly (readonly ZipFile[])[], most = ARCHIVE_MAX): ZipFile[][] {
  const archives: ZipFile[][] = [];
  let room = 0;
  for (const files of answers) {
    const size = sizeOf(files);
    if (archives.length === 0 || size > room) {
      archives.push([]);
      room = most;
    }
    archives.at(-1)?.push(...files);
    room -= size;
  }
  return archives;
}

/** What a byte makes of a sum. */
const TABLE = new DataView(new ArrayBuffer(4 * 256));
for (let byte = 0; byte < 256; byte += 1) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  TABLE.setUint32(4 * byte, rest);
}

async function crc32(content: Blob): Promise<number> {
  let sum = 0xffffffff;
  const reader = content.stream().getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    for (const byte of step.value) sum = (sum >>> 8) ^ TABLE.getUint32(4 * ((sum ^ byte) & 0xff));
  }
  return (sum ^ 0xffffffff) >>> 0;
}

type Numeral = readonly [kind: "s" | "l", value: number];

/** Little-endian numbers of two (`s`) or four (`l`) bytes. */
function numbers(...fields: readonly Numeral[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fields.reduce((sum, [kind]) => sum + (kind === "s" ? 2 : 4), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [kind, value] of fields) {
    if (kind === "s") view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += kind === "s" ? 2 : 4;
  }
  return bytes;
}

const DATE = 33; // 1 January 1980: what a file was made at stands in its name

/** The archive. Its files are not read into memory. Throws RangeError over `ARCHIVE_MAX`. */
export async function zip(files: readonly ZipFile[]): Promise<Blob> {
  if (sizeOf(files) > ARCHIVE_MAX) throw new RangeError("archive");
  const parts: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  const list: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const { name, content } of files) {
    const spelt = new Uint8Array(new TextEncoder().encode(name));
    const { size } = content;
    const facts: readonly Numeral[] = [
      ...[["s", 20], ["s", 0x800], ["s", 0], ["s", 0], ["s", DATE]] as const,
      ...[["l", await crc32(content)], ["l", size], ["l", size]] as const,
      ...[["s", spelt.length], ["s", 0]] as const,
    ];
    const head = numbers(["l", 0x04034b50], ...facts);
    parts.push(head, spelt, content);
    list.push(
      numbers(["l", 0x02014b50], ["s", 20], ...facts, ["s", 0], ["s", 0], ["s", 0], ["l", 0], ["l", at]),
      spelt,
    );
    at += head.length + spelt.length + size;
  }
  const listed = list.reduce((sum, { length }) => sum + length, 0);
  const count = files.length;
  const end = numbers(["l", 0x06054b50], ["s", 0], ["s", 0], ["s", count], ["s", count], ["l", listed], ["l", at], ["s", 0]);
  return new Blob([...parts, ...list, end], { type: "application/zip" });
}
