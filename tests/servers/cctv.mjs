// Prints the age conformance vectors: a name and the file in base64, one per line.
import * as vectors from "cctv-age";

for (const [name, file] of Object.entries(vectors)) {
  if (file instanceof Uint8Array) {
    console.log(`${name} ${Buffer.from(file).toString("base64")}`);
  }
}
