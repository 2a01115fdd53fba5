import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gzipSync } from "node:zlib";
import { accessString } from "../../../../components/cache";
import { type Artefact, build } from "../../../../components/closure/artefact";
import { invoke } from "../../closure/invoke";
import { boundCache } from "./bound-cache";
import { forwarded, type TlsServer, tlsServer } from "./server";
import { ValkeyProcess } from "./valkey";

// What a program deploys has called no cache yet: so here, nothing in this process may.
let folder: string;
let valkey: ValkeyProcess;
let server: TlsServer;
let artefact: Artefact;
let environment: Record<string, string>;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "authority-"));
  valkey = await ValkeyProcess.start("gallery-test-views", accessString("views"));
  server = await tlsServer(forwarded(valkey.socket));
  const authority = path.join(folder, "authority.pem");
  fs.writeFileSync(authority, server.authority);
  const bound = boundCache({ port: server.port, cacheName: "views-one" });
  const { client } = bound;
  environment = { ...bound.environment, NODE_EXTRA_CA_CERTS: authority };
  artefact = await build("most-viewed", {
    factory: () => {
      let reads = 0;
      const read = async () => {
        reads += 1;
        return reads;
      };
      const parse = (kept: unknown) => Number(kept);
      return async () => ({
        value: await client.ReadThrough({ key: "a", ttlSeconds: 60, read, parse }),
        reads,
      });
    },
  });
});
afterAll(async () => {
  await server.close();
  await valkey.stop();
  fs.rmSync(folder, { recursive: true });
});

/** Lambda freezes a container with its connection; a process has to be told that all is done. */
const endWithResult = 'console.log = (text) => process.stdout.write(text + "\\n", () => process.exit());';
const call = (events: unknown[]) => invoke(artefact, events, environment, endWithResult);

test("a container reads once, and keeps what it read for others", async () => {
  expect(await call([{}, {}, {}])).toEqual({ value: 1, reads: 1 });

  expect(await call([{}])).toEqual({ value: 1, reads: 0 });
});

test("a function reads all the same where the cache's certificate is not to be trusted", async () => {
  const { NODE_EXTRA_CA_CERTS: _, ...others } = environment;

  expect(await invoke(artefact, [{}, {}], others, endWithResult)).toEqual({ value: 2, reads: 2 });
});

test("the client makes a function larger by less than 60 KB compressed", () => {
  expect(gzipSync(artefact.code).length).toBeLessThan(60_000);
  expect(artefact.files).toEqual({});
});
