/** Lazy bundle: opens sealed packages. */

import { sha256 } from "@noble/hashes/sha2.js";
import { Decrypter } from "age-encryption";

import { allowInsecureContext } from "./insecure";
import { WrongKeyError, type Tools } from "./model/package";
import { verify } from "./verify";

export { openPackage } from "./model/package";
export { download } from "./model/download";

async function decrypt(
  identity: string,
  sealed: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch {
    throw new WrongKeyError();
  }
  try {
    return await decrypter.decrypt(sealed);
  } catch (error) {
    // Its only sign of it; test/open.test.ts holds it.
    if (error instanceof Error && error.message.startsWith("no identity matched")) {
      throw new WrongKeyError();
    }
    throw error;
  }
}

/** What opening needs, for one identity. */
export function toolsFor(identity: string): Tools {
  allowInsecureContext();
  return {
    decrypt: (sealed) => decrypt(identity, sealed),
    sha256: () => sha256.create(),
    verify,
  };
}
