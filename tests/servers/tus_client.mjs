// Uploads a file as a browser would: node tus_client.mjs <endpoint> <file> <chunk> <cut>
// Hangs up once after <cut> bytes (0: never), and goes on with another upload object.
// Prints the address of the upload, and the offsets that it was told of at the start.
import { readFile } from "node:fs/promises";
import { Upload } from "tus-js-client";

const [endpoint, path, chunk, cut] = process.argv.slice(2);
const data = await readFile(path);
const told = [];

function upload(uploadUrl, cutAt) {
  return new Promise((resolve, reject) => {
    const one = new Upload(data, {
      endpoint,
      uploadUrl,
      chunkSize: Number(chunk) || Infinity,
      retryDelays: [0, 50, 100, 200, 400, 800],
      metadata: { filename: "clip.age" },
      onError: reject,
      onSuccess: () => resolve({ url: one.url, whole: true }),
      onAfterResponse: (request, response) => {
        if (request.getMethod() === "HEAD") {
          told.push(response.getHeader("Upload-Offset"));
        }
      },
      onProgress: (sent) => {
        if (cutAt && sent >= cutAt) {
          cutAt = 0;
          one.abort(false).then(() => resolve({ url: one.url, whole: false }), reject);
        }
      },
    });
    one.start();
  });
}

let result = await upload(null, Number(cut));
if (!result.whole) {
  result = await upload(result.url, 0);
}
console.log(result.url);
console.log(told.join(","));
