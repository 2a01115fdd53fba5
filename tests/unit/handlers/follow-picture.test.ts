import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import * as fc from "fast-check";
import {
  type PictureEvent,
  type PictureState,
  pictureEvents,
  progressOf,
  stateOf,
} from "../../../handlers/media/events";
import { type RenditionName, renditionNames } from "../../../handlers/media/picture/renditions";
import { revisionOf } from "../../../handlers/media/upload";
import { followPicture } from "../../../handlers/photos/follow-picture";
import { toItem } from "../../../handlers/photos/photo";
import { read } from "../../../handlers/photos/read";
import { call } from "./http-event";
import { keyedTable } from "./keyed-table";
import { owner, photo, sequencer, upload } from "./media-cloud";

const published = {
  id: photo,
  owner,
  title: "Dunes",
  description: "",
  tags: [],
  version: 1,
  publishedAt: "2026-01-02T03:04:05.000Z",
  changedAt: "2026-01-02T03:04:05.000Z",
};
const rendition = (name: RenditionName) => ({ name, width: 20, height: 10, sizeBytes: 3 });
const detail = (count: number, made: number, change: Partial<PictureEvent> = {}): PictureEvent => ({
  changeId: "c",
  owner,
  photo,
  revision: revisionOf(upload(count), sequencer),
  renditions: renditionNames.slice(0, made).map(rendition),
  ...change,
});
const event = (type: string, told: PictureEvent) =>
  ({ "detail-type": `picture.${type}`, detail: told }) as EventBridgeEvent<string, PictureEvent>;

function photos(isThere = true) {
  const table = keyedTable(["id"]);
  if (isThere) {
    table.put(unmarshall(toItem(published, "print")));
  }
  return {
    client: table.client,
    items: table.items,
    follow: followPicture(table.client),
    /** The photo as the API answers it. */
    seen: async () => (await call(read(table.client), { path: { id: photo } })).body,
  };
}

test("a photo shows how far its picture is, and nothing of how that is kept", async () => {
  const { follow, seen } = photos();

  await follow(event("rendition", detail(1, 1)));
  const underWay = await seen();
  await follow(event("ready", detail(1, 3)));

  expect(underWay).toEqual({
    ...published,
    picture: { state: "processing", renditions: [rendition("thumbnail")] },
  });
  expect(await seen()).toEqual({
    ...published,
    picture: { state: "ready", renditions: renditionNames.map(rendition) },
  });
});

test("a failure is shown with its reason, which a later upload takes away", async () => {
  const { follow, seen } = photos();

  await follow(event("failed", detail(1, 0, { reason: "It is damaged." })));
  const failed = await seen();
  await follow(event("processing", detail(2, 0)));

  expect(failed.picture).toEqual({ state: "failed", renditions: [], reason: "It is damaged." });
  expect((await seen()).picture).toEqual({ state: "processing", renditions: [] });
});

test("a picture that somebody else uploaded for the photo changes nothing", async () => {
  const { follow, seen } = photos();

  await follow(event("ready", detail(1, 3, { owner: "eve" })));

  expect(await seen()).toEqual(published);
});

test("for a photo that was removed none is made", async () => {
  const { follow, items } = photos(false);

  await follow(event("ready", detail(1, 3)));

  expect(items()).toEqual([]);
});

test("an error of the table is thrown, for the event to be retried", async () => {
  const { client } = photos();
  const broken = {
    ...client,
    UpdateItem: async () => {
      throw new Error("ThrottlingException");
    },
  };

  await expect(followPicture(broken)(event("ready", detail(1, 3)))).rejects.toThrow("ThrottlingException");
});

/** The events of an upload, in the order they happen. */
const course = (count: number, fails: boolean) => [
  event("processing", detail(count, 0)),
  ...[1, 2, 3].map((made) => event("rendition", detail(count, made))),
  fails ? event("failed", detail(count, 2, { reason: "It is damaged." })) : event("ready", detail(count, 3)),
];

test("in whatever order and however often events come, the last of the last upload is what is shown", async () => {
  const told = fc
    .array(fc.boolean(), { minLength: 1, maxLength: 3 })
    .map((failures) => failures.flatMap((fails, index) => course(index + 1, fails)));
  const delivered = told.chain((all) =>
    fc.record({
      all: fc.constant(all),
      events: fc
        .array(fc.constantFrom(...all), { maxLength: 5 })
        .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
    }),
  );
  await fc.assert(
    fc.asyncProperty(delivered, async ({ all, events }) => {
      const { follow, seen } = photos();

      for (const each of events) {
        await follow(each);
      }

      const last = all.at(-1);
      const { renditions, reason } = last?.detail ?? {};
      const state = stateOf(last?.["detail-type"] ?? "");
      expect((await seen()).picture).toEqual(JSON.parse(JSON.stringify({ state, renditions, reason })));
    }),
  );
});

describe("progress as text", () => {
  const states = fc.constantFrom<PictureState>("processing", "ready", "failed");
  const step = fc.record({
    count: fc.integer({ min: 1, max: 1e12 }),
    state: states,
    made: fc.nat({ max: 3 }),
  });
  const textOf = ({ count, state, made }: { count: number; state: PictureState; made: number }) =>
    progressOf(state, detail(count, made));

  test("is greater for a later upload, however far the earlier was", () => {
    fc.assert(
      fc.property(step, step, (a, b) => {
        fc.pre(a.count < b.count);

        expect(textOf(a) < textOf(b)).toBe(true);
      }),
    );
  });

  test("is greater for more renditions of one upload, and greatest at its end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), fc.constantFrom("ready", "failed"), (count, end) => {
        const steps = [0, 1, 2, 3].map((made) => textOf({ count, state: "processing", made }));

        const all = [...steps, textOf({ count, state: end as PictureState, made: 0 })];
        expect([...new Set(all)].sort()).toEqual(all);
      }),
    );
  });
});

test("each type of event tells a state", () => {
  expect(pictureEvents.map(({ type }) => [type, stateOf(type)])).toEqual([
    ["picture.processing", "processing"],
    ["picture.rendition", "processing"],
    ["picture.ready", "ready"],
    ["picture.failed", "failed"],
  ]);
});
