/**
 * Opening a delivery: decrypt, unpack, check. What comes out has passed every check;
 * otherwise nothing comes out but the reason.
 */

import { DownloadError } from "./download";
import { readManifest, type Manifest, type Verify } from "./manifest";
import { ShapeError } from "./shape";
import { TarError, TarReader, type TarSink } from "./tar";

export type Why =
  | DownloadError["why"]
  /** The key in the link is not the one the package is sealed to. */
  | "wrong_key"
  /** The sealed bytes or the archive in them are not whole. */
  | "damaged"
  | "bad_signature"
  | "bad_manifest"
  | "digest_differs"
  | "other_request";

export class OpenError extends Error {
  readonly why: Why;

  constructor(why: Why) {
    super(why);
    this.name = "OpenError";
    this.why = why;
  }
}

export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

export interface Tools {
  /** Decrypt the stream; rejects with WrongKeyError if the key does not fit. */
  readonly decrypt: (sealed: ReadableStream<Uint8Array>) => Promise<ReadableStream<Uint8Array>>;
  readonly sha256: () => Hash;
  readonly verify: Verify;
}

export class WrongKeyError extends Error {}

export interface Opened {
  readonly manifest: Manifest;
  /** The manifest as it came, to keep beside the file. */
  readonly jws: string;
  readonly sha256: string;
  readonly content: Blob;
}

const MANIFEST = "manifest.jws";
const MANIFEST_MAX = 64 * 1024; // bytes
const PART = 4 * 1024 * 1024; // bytes; browsers move blobs of this size out of memory

/** Open one sealed package for the request `requestId`, or throw an OpenError. */
export async function openPackage(
  sealed: ReadableStream<Uint8Array>,
  requestId: string,
  tools: Tools,
): Promise<Opened> {
  const contents = new Contents(tools.sha256());
  try {
    const tar = new TarReader(contents);
    const reader = (await tools.decrypt(sealed)).getReader();
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      tar.push(step.value);
    }
    tar.finish();
    contents.finish();
  } catch (error) {
    throw new OpenError(reasonOf(error));
  }
  const jws = contents.manifest();
  const manifest = await checkedManifest(jws, tools.verify);
  const { name, size, sha256 } = manifest.content;
  const content = contents.content();
  if (contents.name !== name || content.size !== size || contents.sha256() !== sha256) {
    throw new OpenError("digest_differs");
  }
  if (manifest.request_id !== requestId) throw new OpenError("other_request");
  return { manifest, jws, sha256, content };
}

function reasonOf(error: unknown): Why {
  if (error instanceof DownloadError) return error.why;
  if (error instanceof WrongKeyError) return "wrong_key";
  // Whatever the decrypting or unpacking stumbles over, the bytes are not what was sealed.
  return "damaged";
}

async function checkedManifest(jws: string, verify: Verify): Promise<Manifest> {
  let manifest: Manifest | null;
  try {
    manifest = await readManifest(jws, verify);
  } catch (error) {
    if (error instanceof ShapeError) throw new OpenError("bad_manifest");
    throw error;
  }
  if (!manifest) throw new OpenError("bad_signature");
  return manifest;
}

/** Two files in this order, nothing else: the manifest, then what it speaks of. */
class Contents implements TarSink {
  name: string | null = null;
  readonly #hash: Hash;
  readonly #parts: Blob[] = [];
  readonly #manifest: Uint8Array<ArrayBuffer>[] = [];
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingSize = 0;
  #files = 0;
  #digest = "";

  constructor(hash: Hash) {
    this.#hash = hash;
  }

  open(name: string, size: number): void {
    this.#files += 1;
    if (this.#files === 1) {
      if (name !== MANIFEST || size > MANIFEST_MAX) throw new TarError("no manifest");
    } else if (this.#files === 2) {
      this.name = name;
    } else {
      throw new TarError("more files than there should be");
    }
  }

  data(bytes: Uint8Array): void {
    const kept = bytes.slice();
    if (this.#files === 1) {
      this.#manifest.push(kept);
      return;
    }
    this.#hash.update(kept);
    this.#pending.push(kept);
    this.#pendingSize += kept.length;
    if (this.#pendingSize >= PART) this.#flush();
  }

  close(): void {
    if (this.#files === 2) this.#flush();
  }

  finish(): void {
    if (this.name === null) throw new TarError("no content");
    this.#digest = hex(this.#hash.digest());
  }

  manifest(): string {
    return this.#manifest.map((bytes) => new TextDecoder().decode(bytes)).join("");
  }

  content(): Blob {
    // Without a type: it is played or shown by what we know, never by what a file says.
    return new Blob(this.#parts);
  }

  sha256(): string {
    return this.#digest;
  }

  #flush(): void {
    this.#parts.push(new Blob(this.#pending));
    this.#pending = [];
    this.#pendingSize = 0;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
