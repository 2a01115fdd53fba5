import type { EventBridgeEvent, ScheduledEvent, SQSRecord } from "aws-lambda";
import * as fc from "fast-check";
import { migrate } from "../../../components/migrations";
import type { BusClient } from "../../../components/sdk/eventbridge";
import { day, sql } from "../../../components/sdk/sql/statement";
import { mostViewedReader, photoViewsReader } from "../../../handlers/insights/counts";
import { digest } from "../../../handlers/insights/digest";
import { followPhotos } from "../../../handlers/insights/follow-photos";
import { migrations } from "../../../handlers/insights/migrations";
import { record } from "../../../handlers/insights/record";
import { rollUp } from "../../../handlers/insights/roll-up";
import { dayOf, daysUpTo, openDays } from "../../../handlers/insights/view";
import type { PhotoEvent } from "../../../handlers/photos/events";
import { sqlDatabase } from "./sql-database";

let database: Awaited<ReturnType<typeof sqlDatabase>>;
beforeAll(async () => {
  database = await sqlDatabase();
  await migrate(database.client, migrations)();
});
afterAll(() => database.close());
beforeEach(async () => {
  jest.spyOn(console, "info").mockImplementation(() => {});
  jest.spyOn(console, "error").mockImplementation(() => {});
  await database.client.Execute(sql`TRUNCATE photos, views, closed_views`);
});

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

const photoEvent = (
  type: "published" | "changed" | "removed",
  n: number,
  version = 1,
  title = `photo ${n}`,
) =>
  ({
    "detail-type": `photo.${type}`,
    detail: { changeId: `c${version}`, id: id(n), owner: "ann", title, tags: [], version },
  }) as unknown as EventBridgeEvent<string, PhotoEvent>;

const message = (n: number, photo: number, change: object = {}) =>
  ({
    messageId: id(n),
    body: JSON.stringify({ receivedAt: Date.now(), body: { photo: id(photo) }, ...change }),
  }) as SQSRecord;

/** Answers the messages that failed. */
const write = async (messages: readonly SQSRecord[]) => {
  const { batchItemFailures } = await record(database.client).factory()(messages);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};
const publish = (...photos: number[]) =>
  Promise.all(photos.map((n) => followPhotos(database.client)(photoEvent("published", n))));
const counts = async (days = 7) =>
  Object.fromEntries(
    (await mostViewedReader(database.client)(daysUpTo(Date.now(), days))).map(({ title, views }) => [
      title,
      Number(views),
    ]),
  );

test("each view counts once, whatever comes twice: a message, a batch, or a client's own id", async () => {
  await publish(1, 2);
  const mine = { body: { photo: id(2), id: id(99) } };

  expect(
    await write([message(1, 1), message(2, 1), message(2, 1), message(3, 2, mine), message(4, 2, mine)]),
  ).toEqual([]);
  expect(await write([message(1, 1), message(5, 1)])).toEqual([]);

  expect(await counts()).toEqual({ "photo 1": 3, "photo 2": 1 });
});

test("what is no view is answered, and the others of its batch are written", async () => {
  await publish(1);
  const bad = [
    { ...message(7, 1), body: "no JSON" },
    message(8, 1, { body: { photo: "'; DROP TABLE views; --" } }),
    message(9, 1, { body: { photo: id(1), more: true } }),
    message(10, 1, { receivedAt: "now" }),
  ];

  const failed = await write([message(1, 1), ...bad, message(2, 1)]);

  expect(failed).toEqual([7, 8, 9, 10].map(id));
  expect(await counts()).toEqual({ "photo 1": 2 });
});

test("a view of a photo that is not known yet counts once the photo is", async () => {
  await write([message(1, 1)]);
  expect(await counts()).toEqual({});
  await publish(1);
  expect(await counts()).toEqual({ "photo 1": 1 });
});

test("events of photos may come late, twice and in any order", async () => {
  const events = [
    photoEvent("published", 1, 1, "first"),
    photoEvent("changed", 1, 2, "second \0"),
    photoEvent("changed", 1, 3, "third'; DROP TABLE photos; --"),
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...events, ...events], { minLength: 6 }),
      fc.boolean(),
      fc.nat(6),
      async (order, isRemoved, at) => {
        await database.client.Execute(sql`TRUNCATE photos, views, closed_views`);
        await write([message(1, 1)]);
        const all = [...order];
        if (isRemoved) all.splice(at, 0, photoEvent("removed", 1, 3));
        for (const event of all) await followPhotos(database.client)(event);
        expect(await counts()).toEqual(isRemoved ? {} : { "third'; DROP TABLE photos; --": 1 });
        const kept = await database.client.Query(sql`SELECT owner, title FROM photos`);
        if (isRemoved) expect(kept).toEqual([{ owner: "", title: "" }]);
      },
    ),
    { numRuns: 15 },
  );
});

test("rolling up changes no count, however often it runs and whatever comes in between", async () => {
  const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  await publish(1, 2);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ photo: fc.integer({ min: 1, max: 3 }), ago: fc.nat(25) }), { maxLength: 40 }),
      fc.nat(40),
      async (views, rolledAt) => {
        await database.client.Execute(sql`TRUNCATE views, closed_views`);
        const roll = rollUp(database.client);
        for (const [n, { photo, ago }] of views.entries()) {
          if (n === rolledAt) await roll();
          await write([message(n, photo, { receivedAt: dayAgo(ago).getTime() })]);
        }
        const expected = (photo: number) => views.filter((view) => view.photo === photo).length;
        for (let times = 0; times < 3; times += 1) {
          const found = await counts(30);
          expect([found["photo 1"] ?? 0, found["photo 2"] ?? 0]).toEqual([expected(1), expected(2)]);
          await roll();
        }
        const [open] = await database.client.Query(
          sql<{
            old: number;
          }>`SELECT count(*)::int AS old FROM views WHERE day < ${day(daysUpTo(Date.now(), openDays).from)}`,
        );
        expect(open).toEqual({ old: 0 });
      },
    ),
    { numRuns: 15 },
  );
});

test("a photo's views are told for each day, those without any as well", async () => {
  await publish(1);
  await write([message(1, 1), message(2, 1), message(3, 1, { receivedAt: Date.now() - 2 * 86_400_000 })]);
  const read = photoViewsReader(database.client);

  expect(await read(id(1), 4)).toEqual(
    [3, 2, 1, 0].map((ago) => ({
      day: dayOf(Date.now() - ago * 86_400_000),
      views: { 0: 2, 2: 1 }[ago] ?? 0,
    })),
  );
  expect(await read(id(2), 4)).toBeUndefined();
});

test("the digest tells of the week that is over, from its Monday to its Sunday, and of none without views", async () => {
  const told: unknown[] = [];
  const bus = {
    PutEvents: async ({ Entries }: { Entries: unknown[] }) => {
      told.push(...Entries);
      return { Entries: [{ EventId: "e" }] };
    },
  } as unknown as BusClient;
  const run = (time: string) => digest(database.client, bus)({ time } as ScheduledEvent);
  const on = (n: number, photo: number, time: string) => message(n, photo, { receivedAt: Date.parse(time) });

  await run("2026-11-30T07:00:00Z");
  expect(told).toEqual([]);
  await publish(1, 2);
  await write([
    on(1, 1, "2026-11-22T23:59:59Z"),
    on(2, 2, "2026-11-23T00:00:00Z"),
    on(3, 2, "2026-11-29T23:59:59Z"),
    on(4, 1, "2026-11-25T12:00:00Z"),
    on(5, 1, "2026-11-30T00:00:00Z"),
    on(6, 1, "2026-11-30T06:00:00Z"),
  ]);
  for (const time of ["2026-11-30T07:00:00Z", "2026-12-02T07:00:00Z"]) {
    await run(time);
    expect(told.pop()).toMatchObject({
      Source: "gallery.insights",
      DetailType: "week.summarised",
      Detail: JSON.stringify({
        week: "2026-W48",
        photos: [
          { id: id(2), title: "photo 2", views: 2 },
          { id: id(1), title: "photo 1", views: 1 },
        ],
      }),
    });
  }
});
