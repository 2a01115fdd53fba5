import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { paginateListBuckets, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { renditionNames } from "../../handlers/media/picture/renditions";
import type { PictureRecord } from "../../handlers/media/picture-record";
import { pictures } from "../pictures";
import {
  type Depth,
  deployer,
  depths,
  galleryClient,
  itemsOf,
  recorded,
  sendForm,
  setFaults,
} from "./gallery-client";
import { eventually, type RunningCloud, startCloud } from "./local-cloud";
import { signUp } from "./sign-in";

const root = path.resolve(__dirname, "../..");
const count = 200;
/** Of the photos, each of which has three renditions. */
const messages = count * renditionNames.length;

let cloud: RunningCloud;
let ann: ReturnType<typeof galleryClient>;

beforeAll(async () => {
  cloud = await startCloud([]);
  ann = galleryClient(
    cloud,
    await signUp(cloud.address, cloud.outputs.userPoolClientId ?? "", "ann@gallery.example"),
  );
});
afterAll(async () => {
  await cloud?.stop();
});

/** Does it for each, so many at once. */
async function each<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const rest = [...items.entries()];
  const hand = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return results;
}

const records = () => itemsOf<PictureRecord>(cloud, "media");
const sum = (queues: readonly Depth[], of: "visible" | "hidden") =>
  queues.reduce((total, queue) => total + queue[of], 0);

/** Messages that wait to be worked off, or are, and those that were given up. */
async function queues() {
  const all = Object.entries(await depths(cloud, "media-uploaded-"));
  const dead = all.filter(([name]) => name.endsWith("-failed"));
  const live = all.filter(([name]) => !name.endsWith("-failed"));
  return {
    waiting:
      sum(
        live.map(([, depth]) => depth),
        "visible",
      ) +
      sum(
        live.map(([, depth]) => depth),
        "hidden",
      ),
    dead: Object.fromEntries(dead.map(([name, { visible }]) => [name, visible])),
    given: sum(
      dead.map(([, depth]) => depth),
      "visible",
    ),
  };
}

async function redrive(queue: string): Promise<string> {
  const command = [
    "run",
    "--silent",
    "redrive",
    "--",
    "--local",
    "--state",
    cloud.stateDir,
    "--queue",
    queue,
  ];
  return (await promisify(execFile)("npm", command, { cwd: root })).stdout.trim();
}

async function objectsBelow(prefix: string): Promise<string[]> {
  const client = new S3Client({ ...deployer(cloud), forcePathStyle: true });
  const keys: string[] = [];
  for await (const { Buckets = [] } of paginateListBuckets({ client }, {})) {
    for (const { Name: Bucket = "" } of Buckets.filter(({ Name }) => Name?.startsWith("media-pictures"))) {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
        keys.push(...Contents.map(({ Key = "" }) => Key));
      }
    }
  }
  return keys;
}

test("of 200 pictures with a quarter of the rendition calls failing, each is ready or among the dead letters, and ready after a redrive", async () => {
  // Prepare
  const made = await pictures();
  const file = made.quarters(480, 320, ".jpg");
  made.close();
  const socket = await ann.socket();
  const photos = await each(Array.from({ length: count }), 10, () => ann.publish("One of many"));
  await setFaults(cloud, [
    {
      caller: "media-uploaded-*",
      action: "s3:GetObject",
      probability: 0.25,
      status: 403,
      error: "AccessDenied",
    },
  ]);

  // Act
  const statuses = await each(
    photos,
    10,
    async (photo) => (await sendForm(await ann.form(photo), file)).status,
  );
  const settled = await eventually(async () => {
    // In this order: once no message is waiting, what its function has noted is there.
    const { waiting, dead, given } = await queues();
    const found = await records();
    return found.length === count && waiting === 0 ? { found, dead, given } : undefined;
  }, 420_000);
  const attempts = recorded(cloud, /^media-uploaded-/, "s3:GetObject");
  await setFaults(cloud, []);
  const reports = await each(Object.keys(settled.dead), 1, redrive);
  await eventually(
    async () => ((await records()).every(({ state }) => state === "ready") ? true : undefined),
    120_000,
  );

  // Assess: nothing was lost on the way, whatever failed.
  expect(statuses).toEqual(photos.map(() => 204));
  const missing = settled.found.flatMap(({ photo, renditions }) =>
    renditionNames.filter((name) => !renditions[name]).map((name) => `${photo} ${name}`),
  );
  expect(missing.length).toBe(settled.given);
  for (const { state, renditions } of settled.found) {
    expect(state).toBe(Object.keys(renditions).length === renditionNames.length ? "ready" : "processing");
  }
  // A quarter failed, and a few of the messages did three times.
  const failed = attempts.filter(({ status }) => status === 403);
  expect(attempts.length).toBe(messages - settled.given + failed.length);
  expect(failed.length / attempts.length).toBeGreaterThan(0.15);
  expect(failed.length / attempts.length).toBeLessThan(0.35);
  // The redrive tells exactly what it did.
  expect(reports).toEqual(
    Object.entries(settled.dead).map(([name, dead]) =>
      expect.stringMatching(`^${name}-[\\da-f]{7}: ${dead} put back, 0 kept .*, 0 left$`),
    ),
  );
  expect(await queues()).toMatchObject({ waiting: 0, given: 0 });
  // And everybody came to know: the photo, the browser, the bucket.
  const told = () =>
    new Set(socket.messages.filter(({ state }) => state === "ready").map(({ photo }) => photo));
  await eventually(async () => (told().size === count ? true : undefined), 180_000);
  await eventually(async () => {
    const states = (await itemsOf<{ id: string; picture?: { state: string } }>(cloud, "photos")).filter(
      ({ id }) => photos.includes(id),
    );
    return states.length === count && states.every(({ picture }) => picture?.state === "ready")
      ? true
      : undefined;
  });
  expect(await objectsBelow("renditions/")).toHaveLength(messages);
  socket.socket.close();
}, 600_000);
