// A tus server that keeps its uploads in a folder: node tus.mjs <folder> <port>
import { createServer } from "node:http";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const [directory, port] = process.argv.slice(2);
const server = new Server({
  path: "/files",
  datastore: new FileStore({ directory }),
});
const http = createServer((request, response) => server.handle(request, response));
http.listen(Number(port), "127.0.0.1", () => console.log(http.address().port));
