// Opens age files as a browser does: node typage.mjs <identity> <file>…
// Prints the SHA-256 of each plaintext, or the error, one line each.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Decrypter } from "age-encryption";

const [identity, ...files] = process.argv.slice(2);
for (const file of files) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    const plain = await decrypter.decrypt(await readFile(file));
    console.log(createHash("sha256").update(plain).digest("hex"));
  } catch (error) {
    console.log(`error: ${error.message}`);
  }
}
