import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import * as fc from "fast-check";
import { campaignStatuses } from "../../../handlers/campaigns/campaign";
import type { CampaignEvent } from "../../../handlers/campaigns/events";
import { serverMessage } from "../../../handlers/live/messages";
import { push } from "../../../handlers/live/push";
import { type Behaviour, inOneHour, memoryTable, sockets } from "./live-cloud";

type Event = EventBridgeEvent<string, unknown>;

const photo = "0b8f2c1e-7d4a-4c56-9f10-2a3b4c5d6e7f";
const renditions = (["thumbnail", "web", "print"] as const).map((name) => ({
  name,
  width: 10,
  height: 20,
  sizeBytes: 30,
}));

const event = (type: string, revision: string, made: number, reason?: string): Event => ({
  version: "0",
  id: "e",
  source: "gallery.media",
  account: "123456789012",
  time: "2026-01-02T03:04:05Z",
  region: "eu-west-1",
  resources: [],
  "detail-type": `picture.${type}`,
  detail: { changeId: "c", owner: "ann", photo, revision, renditions: renditions.slice(0, made), reason },
});
const processing = event("processing", "1", 0);
const ready = event("ready", "1", 3);

const campaign = "1c9f3d2e-7d4a-4c56-9f10-2a3b4c5d6e7f";
type Report = Pick<CampaignEvent, "status" | "sequence" | "recipients" | "reason">;
const campaignEvent = (report: Report): Event => ({
  ...ready,
  source: "gallery.campaigns",
  "detail-type": "campaign.changed",
  detail: { changeId: "c", id: campaign, owner: "ann", subject: "News", ...report } satisfies CampaignEvent,
});

/** Clients of `ann`, connected long ago unless they are named in `fresh`. */
function live(
  ids: readonly string[],
  behaviours: Record<string, Behaviour> = {},
  fresh: readonly string[] = [],
) {
  const log: string[] = [];
  const states = memoryTable("subject", log);
  const connections = memoryTable("id", log);
  const now = Math.floor(Date.now() / 1000);
  for (const id of ids) {
    const connectedAt = fresh.includes(id) ? now : now - 600;
    connections.add(marshall({ user: "ann", id, connectedAt, expiresAt: inOneHour() }));
  }
  const socket = sockets(behaviours, log);
  const handle = push(states.client, connections.client, socket.client).factory();
  return { log, states, connections, socket, handle };
}

afterEach(() => {
  jest.useRealTimers();
});

test("a state is stored before any client is told of it, and then all of the user's are", async () => {
  const { log, states, socket, handle } = live(["a", "b"]);

  await handle(processing);

  expect(log).toEqual([`put ann/picture/${photo}`, "post a", "post b"]);
  const message = { type: "picture", photo, state: "processing", revision: "1", renditions: [] };
  expect(states.items()).toMatchObject([{ user: "ann", subject: `picture/${photo}`, message }]);
  expect(socket.posts).toEqual([
    { id: "a", message },
    { id: "b", message },
  ]);
});

test.each([
  [event("rendition", "1", 2), { state: "processing", renditions: renditions.slice(0, 2) }],
  [ready, { state: "ready", renditions }],
  [
    event("failed", "1", 1, "no picture"),
    { state: "failed", renditions: renditions.slice(0, 1), reason: "no picture" },
  ],
])("%j is told by a message of the contract", async (told, expected) => {
  const { socket, handle } = live(["a"]);

  await handle(told);

  const [post] = socket.posts;
  expect(serverMessage().parse(post?.message)).toEqual({
    type: "picture",
    photo,
    revision: "1",
    ...expected,
  });
});

test.each<Report>([
  { status: "starting", sequence: 0 },
  { status: "pending", sequence: 3, recipients: 7 },
  { status: "broken", sequence: 3, recipients: 7, reason: "The mail service has refused the campaign." },
])("the administrator who started a campaign is told that it is %j", async (report) => {
  const { states, socket, handle } = live(["a"]);

  await handle(campaignEvent(report));

  const message = { type: "campaign", campaign, subject: "News", ...report };
  expect(serverMessage().parse(socket.posts[0]?.message)).toEqual(message);
  expect(states.items()).toMatchObject([{ user: "ann", subject: `campaign/${campaign}`, message }]);
});

test("a photo and a campaign of the same id are two subjects", async () => {
  const { states, handle } = live([]);
  const { detail } = campaignEvent({ status: "success", sequence: 9 });

  await handle({
    ...campaignEvent({ status: "success", sequence: 9 }),
    detail: { ...Object(detail), id: photo },
  });
  await handle(processing);

  expect(states.items()).toMatchObject([{ message: { type: "campaign" } }, { message: { type: "picture" } }]);
});

test("nobody is connected: the state is stored for who comes back, for a day", async () => {
  const { states, handle } = live([]);

  await handle(ready);

  const [state] = states.items();
  expect(state?.expiresAt).toBeGreaterThan(Date.now() / 1000 + 86_000);
  expect(state?.expiresAt).toBeLessThan(Date.now() / 1000 + 87_000);
});

test("other users are told nothing, nor are connections that have expired", async () => {
  const { connections, socket, handle } = live([]);
  connections.add(marshall({ user: "bob", id: "b", connectedAt: 0, expiresAt: inOneHour() }));
  connections.add(marshall({ user: "ann", id: "old", connectedAt: 0, expiresAt: 1 }));

  await handle(ready);

  expect(socket.posts).toEqual([]);
});

test("who has left is forgotten, and that is no failure", async () => {
  const { connections, socket, handle } = live(["a", "left"], { left: "gone" });

  await handle(ready);

  expect(socket.posts.map(({ id }) => id)).toEqual(["a"]);
  expect(connections.items().map(({ id }) => id)).toEqual(["a"]);
});

test("who is only connecting, which API Gateway calls gone as well, is not forgotten", async () => {
  const { connections, handle } = live(["coming"], { coming: "gone" }, ["coming"]);

  await handle(ready);

  expect(connections.items().map(({ id }) => id)).toEqual(["coming"]);
});

test("a client that cannot be reached fails the event once the others are served; then all are told again", async () => {
  const { socket, handle } = live(["a", "b", "c"], { a: "fails" });

  await expect(handle(ready)).rejects.toThrow(
    /^1 of 3 clients could not be told of picture\/0b8f2c1e.*too much/,
  );

  expect(socket.posts.map(({ id }) => id)).toEqual(["b", "c"]);
  delete socket.behaviours.a;
  await handle(ready);
  expect(socket.posts.map(({ id }) => id)).toEqual(["b", "c", "a", "b", "c"]);
});

test("a client that never takes its message delays nobody, and the event by two seconds", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick"] });
  const { log, socket, handle } = live(["stuck", "a", "b"], { stuck: "hangs" });
  let outcome: unknown;

  const handled = handle(ready).catch((error) => {
    outcome = error;
  });
  while (!log.includes("post b")) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(socket.posts.map(({ id }) => id)).toEqual(["a", "b"]);
  await jest.advanceTimersByTimeAsync(1999);
  expect(outcome).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1);
  await handled;

  expect(outcome).toMatchObject({ message: expect.stringMatching(/^1 of 3 .* longer than 2000 ms/) });
});

test.each([
  ["of an unknown type", event("rotated", "1", 0)],
  ["that another service tells", { ...ready, source: "gallery.campaigns" }],
  ["without an owner", { ...ready, detail: { changeId: "c", photo, revision: "1", renditions: [] } }],
  [
    "with a rendition of no size",
    { ...ready, detail: { changeId: "c", owner: "ann", photo, revision: "1", renditions: [{}] } },
  ],
  ["of a campaign without a number", campaignEvent({ status: "pending", sequence: Number.NaN })],
])("an event %s fails and stores nothing", async (_, broken) => {
  const { log, handle } = live(["a"]);

  await expect(handle(broken)).rejects.toThrow();

  expect(log).toEqual([]);
});

/** All events of two uploads of one photo, in the order they happened. */
const happened = ["2026-01", "2026-02"].flatMap((revision) => [
  event("processing", revision, 0),
  event("rendition", revision, 1),
  event("rendition", revision, 2),
  event("rendition", revision, 3),
  event(revision === "2026-01" ? "failed" : "ready", revision, 3),
]);
const rankOf = (message: object) =>
  happened.findIndex(({ detail, "detail-type": type }) => {
    const { revision, state, renditions: made } = message as Record<string, string>;
    const told = detail as Record<string, string>;
    const expected = /processing|rendition/.test(type) ? "processing" : type.replace("picture.", "");
    return told.revision === revision && expected === state && told.renditions?.length === made?.length;
  });

test("in whatever order and however often events come, the state ends the same and none is told backwards", async () => {
  const arrivals = fc
    .array(fc.nat(happened.length - 1), { maxLength: 10 })
    .chain((repeated) =>
      fc.shuffledSubarray([...happened.keys(), ...repeated], { minLength: 10 + repeated.length }),
    );
  await fc.assert(
    fc.asyncProperty(arrivals, async (order) => {
      const { states, socket, handle } = live(["a"]);

      for (const index of order) {
        await handle(happened[index] ?? processing);
      }

      expect(states.items()).toMatchObject([
        { message: { revision: "2026-02", state: "ready", renditions } },
      ]);
      const told = socket.posts.map(({ message }) => rankOf(message));
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect(told.at(-1)).toBe(happened.length - 1);
    }),
    { numRuns: 60 },
  );
});

const greatestSequence = 2 ** 31;
/** What a campaign can come to be, in the order it happens; reports may come before it is noted as pending. */
const courses = fc
  .record({
    reports: fc.uniqueArray(
      fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: greatestSequence })),
      {
        maxLength: 5,
      },
    ),
    beforePending: fc.nat(5),
    isRecipientsLate: fc.boolean(),
    end: fc.constantFrom(
      ...campaignStatuses.filter((status) => status !== "starting" && status !== "pending"),
    ),
    endsByReport: fc.boolean(),
  })
  .map(({ reports, beforePending, isRecipientsLate, end, endsByReport }): Report[] => {
    const sequences = [0, ...reports.sort((a, b) => a - b)];
    const starting = sequences.slice(0, beforePending + 1);
    const atPending = starting.at(-1) ?? 0;
    const pending = sequences.slice(starting.length - 1);
    const last = sequences.at(-1) ?? 0;
    return [
      ...starting.map((sequence) => ({ status: "starting" as const, sequence })),
      ...(isRecipientsLate ? [{ status: "pending" as const, sequence: atPending }] : []),
      ...pending.map((sequence) => ({ status: "pending" as const, sequence, recipients: 7 })),
      { status: end, sequence: endsByReport ? last + 1 : last, recipients: 7 },
    ];
  });

test("in whatever order and however often a campaign's events come, the last is told last and none backwards", async () => {
  const arrivals = courses.chain((course) =>
    fc.record({
      course: fc.constant(course),
      order: fc.array(fc.nat(course.length - 1), { minLength: 1, maxLength: 20 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ course, order }) => {
      const { states, socket, handle } = live(["a"]);
      const furthest = Math.max(...order);

      for (const index of order) {
        await handle(campaignEvent(course[index] ?? { status: "starting", sequence: 0 }));
      }

      const told = socket.posts.map(({ message }) => {
        const { status, sequence, recipients } = message as Report & typeof message;
        return course.findIndex(
          (one) => one.status === status && one.sequence === sequence && one.recipients === recipients,
        );
      });
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect(told.at(-1)).toBe(furthest);
      expect(states.items()).toMatchObject([{ message: course[furthest] }]);
    }),
    { numRuns: 200 },
  );
});
