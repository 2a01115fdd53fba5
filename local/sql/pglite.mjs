// PostgreSQL in a process of its own: speaks its protocol on file descriptor 3, for one client, and ends with it. Data is
// in the folder given; when that holds none yet, it is a copy of an empty database, which is made once: to start from
// nothing takes seconds and 750 MB, from a copy less than a second and 300 MB.
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { Socket } from "node:net";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { waitForLock } from "../lock.js";

const [dataDir, templates] = process.argv.slice(2);

// A statement leaves this thread no time to see that the client is gone, and may run for ever.
const watch = `
  const parent = process.ppid;
  let goneFor = 0;
  setInterval(() => {
    goneFor = process.ppid === parent ? 0 : goneFor + 1;
    if (goneFor > 5) process.kill(process.pid, "SIGKILL");
  }, 1000);`;
new Worker(watch, { eval: true }).unref();

if (!existsSync(dataDir)) {
  const template = await emptyDatabase();
  await fill(dataDir, (folder) => cp(template, folder, { recursive: true }));
}
serve(await PGlite.create(dataDir), new Socket({ fd: 3, readable: true, writable: true }));

async function emptyDatabase() {
  const packageFile = path.join(
    createRequire(import.meta.url).resolve("@electric-sql/pglite"),
    "../../package.json",
  );
  const template = path.join(templates, `pglite-${JSON.parse(await readFile(packageFile, "utf8")).version}`);
  if (!existsSync(template)) {
    await mkdir(templates, { recursive: true });
    const lock = await waitForLock(path.join(templates, "pglite.lock"), () => {});
    try {
      if (!existsSync(template)) {
        await fill(template, async (folder) => (await PGlite.create(folder)).close());
      }
    } finally {
      lock.release();
    }
  }
  return template;
}

/** Makes a folder that is there with all it holds or not at all. */
async function fill(folder, work) {
  const unfinished = `${folder}.unfinished`;
  // Left by a process that was killed.
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await work(unfinished);
  await rename(unfinished, folder);
}

function serve(database, client) {
  let received = Buffer.alloc(0);
  let hasBegun = false;
  let work = Promise.resolve();
  client.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    const length = complete();
    if (length === 0) return;
    const messages = new Uint8Array(received.subarray(0, length));
    received = received.subarray(length);
    work = work.then(() =>
      database.execProtocolRawStream(messages, { onRawData: (data) => client.write(Buffer.from(data)) }),
    );
  });
  client.on("error", () => {});
  client.on("close", async () => {
    await work.catch(() => {});
    await database.close();
    process.exit();
  });

  /** Length of the messages that are there from their first to their last byte; only the very first has no type. */
  function complete() {
    let length = 0;
    for (;;) {
      const head = hasBegun ? 1 : 0;
      if (received.length < length + head + 4) return length;
      const next = length + head + received.readInt32BE(length + head);
      if (received.length < next) return length;
      length = next;
      hasBegun = true;
    }
  }
}
