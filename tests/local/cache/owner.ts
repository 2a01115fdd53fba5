import { CacheServer } from "../../../local/cache";
import { caches } from "./deployed";

// Starts a cache, says so, and stays until it is killed.
const server = new CacheServer({ stateDir: process.argv[2] ?? "", progress: () => {} });
server
  .start("http://127.0.0.1:9")
  .then(() => server.configure(caches({ views: ["reader"] }, { reader: "on ~* +@read" })))
  .then(() => console.log("ready"));
