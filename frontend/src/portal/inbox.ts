/** The answers to a requester: opened in the browser, saved one by one or all at once. */

import type { Opened } from "../model/package";
import { fileName } from "../model/playback";
import { bearing } from "../model/portal_call";
import { identityOf } from "../model/portal_secret";
import type { DeskRequest, HubDelivery } from "../model/portal_wire";
import { ARCHIVE_MAX, sharedOut, sizeOf, zip, type ZipFile } from "../model/portal_zip";
import { loadDeskKeys } from "../public/beside";
import { Opener, type Opening } from "../public/opener";
import { saveFile } from "../save";
import { api } from "./parts";

/** How far saving all of a request's answers has come. */
export type Saving =
  | { readonly kind: "saving"; readonly n: number; readonly all: number }
  | { readonly kind: "partly"; readonly n: number; readonly all: number };

export class Inbox {
  /** By request: the key that opens its answers; null where this secret does not. */
  readonly #identities = new Map<string, string | null>();
  readonly #savings = new Map<string, Saving>();
  readonly #opener: Opener;
  readonly #changed: () => void;
  #token = "";

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#opener = new Opener(changed, () => bearing(this.#token, fetch.bind(globalThis)));
  }

  /** Make the keys of these requests, as far as they come from this secret. */
  async learn(requests: readonly DeskRequest[], secret: Uint8Array | null, token: string): Promise<void> {
    this.#token = token;
    if (!secret) return;
    const { tools, recipientOf } = await loadDeskKeys();
    for (const { id, key_hint: hint, recipient } of requests) {
      if (this.#identities.get(id)) continue;
      const identity = identityOf(secret, hint, tools);
      this.#identities.set(id, (await recipientOf(identity)) === recipient ? identity : null);
    }
  }

  forget(): void {
    this.#identities.clear();
    this.#savings.clear();
    this.#opener.clear();
  }

  identity(id: string): string | null {
    return this.#identities.get(id) ?? null;
  }

  of(delivery: HubDelivery): Opening {
    return this.#opener.of(delivery.id);
  }

  saving(id: string): Saving | null {
    return this.#savings.get(id) ?? null;
  }

  async open(request: DeskRequest, { id, size }: HubDelivery): Promise<Opening> {
    const identity = this.identity(request.id) ?? "";
    const url = api(`inbox/${request.id}/${id}`);
    return this.#opener.open({ id, size, url, requestId: request.id, identity });
  }

  /** All answers of a request in one file, or as few as hold them; those that cannot be opened say why. */
  async saveAll(request: DeskRequest): Promise<void> {
    const { id, deliveries } = request;
    if (this.saving(id)?.kind === "saving") return;
    const answers: ZipFile[][] = [];
    for (const [index, delivery] of deliveries.entries()) {
      this.#save(id, { kind: "saving", n: index + 1, all: deliveries.length });
      const known = this.of(delivery);
      const opening = known.kind === "open" ? known : await this.open(request, delivery);
      if (opening.kind !== "open") continue;
      const files = filesOf(index + 1, opening.opened);
      if (sizeOf(files) <= ARCHIVE_MAX) answers.push(files);
    }
    for (const [index, files] of sharedOut(answers).entries()) {
      saveFile(await zip(files), index === 0 ? `answers-${id}.zip` : `answers-${id}-${index + 1}.zip`);
    }
    const n = answers.length;
    this.#save(id, n < deliveries.length ? { kind: "partly", n, all: deliveries.length } : null);
  }

  /** The package as it lies there, for who would rather open it with other tools. */
  async saveSealed(request: DeskRequest, { id }: HubDelivery): Promise<boolean> {
    try {
      const answer = await bearing(this.#token, fetch.bind(globalThis))(api(`inbox/${request.id}/${id}`), {
        credentials: "omit",
        redirect: "error",
        cache: "no-store",
      });
      if (!answer.ok) return false;
      saveFile(new Blob([await answer.blob()], { type: "application/octet-stream" }), "clip.age");
      return true;
    } catch {
      return false;
    }
  }

  #save(id: string, saving: Saving | null): void {
    if (saving) this.#savings.set(id, saving);
    else this.#savings.delete(id);
    this.#changed();
  }
}

function filesOf(n: number, { manifest, content, jws }: Opened): ZipFile[] {
  const start = manifest.covered?.start ?? manifest.consent.at;
  const kind = manifest.content.name === "clip.mp4" ? "clip" : "answer";
  return [
    { name: `${n}/${fileName(kind, start)}`, content },
    { name: `${n}/${fileName("manifest", start)}`, content: new Blob([jws]) },
  ];
}
