import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import * as fc from "fast-check";
import type { BusClient } from "../../../components/sdk/eventbridge";
import { announce } from "../../../handlers/media/announce";
import { type RenditionName, renditionNames } from "../../../handlers/media/picture/renditions";
import type { PictureRecord } from "../../../handlers/media/picture-record";
import { keyedTable } from "./keyed-table";
import { owner, photo, picture, ready, stored } from "./media-cloud";

function bus() {
  const entries: PutEventsRequestEntry[] = [];
  const client: BusClient = {
    PutEvents: async ({ Entries }) => {
      entries.push(...Entries);
      return { $metadata: {}, FailedEntryCount: 0, Entries: Entries.map(() => ({ EventId: "e" })) };
    },
  };
  return { client, entries };
}

/** What the bus is told when a picture becomes these one after the other; `null` is removed. */
async function toldOf(...states: readonly (PictureRecord | null)[]): Promise<PutEventsRequestEntry[]> {
  const pictures = keyedTable(["owner", "photo"]);
  for (const state of states) {
    if (state) {
      pictures.put(state);
    } else {
      await pictures.client.DeleteItem({ Key: { owner: { S: owner }, photo: { S: photo } } });
    }
  }
  const { client, entries } = bus();
  await announce(client).factory()({ Records: pictures.stream });
  return entries;
}
const typesOf = (entries: readonly PutEventsRequestEntry[]) => entries.map(({ DetailType }) => DetailType);

const failed = picture([], { state: "failed", reason: "It is damaged." });
const laterOne = picture([], { count: 2 });

test.each<[string, (PictureRecord | null)[], string[]]>([
  ["an upload", [picture()], ["processing"]],
  [
    "each rendition",
    [picture(), picture(["web"]), picture(["web", "print"])],
    ["processing", "rendition", "rendition"],
  ],
  [
    "the last rendition, then the end",
    [picture(["web"]), picture(renditionNames), ready()],
    ["processing", "rendition", "ready"],
  ],
  ["a failure", [picture(["web"]), failed], ["processing", "failed"]],
  ["a later upload over one in process", [picture(["web", "print"]), laterOne], ["processing", "processing"]],
  ["a later upload over one that is ready", [ready(), laterOne], ["ready", "processing"]],
  ["a later upload over one that failed", [failed, laterOne], ["failed", "processing"]],
  ["a later one that is ready over one that was", [ready(), ready({ count: 2 })], ["ready", "ready"]],
])("%s is told", async (_, states, types) => {
  expect(typesOf(await toldOf(...states))).toEqual(types.map((type) => `picture.${type}`));
});

test.each<[string, PictureRecord, PictureRecord | null]>([
  ["a rendition noted again", picture(["web"]), picture(["web"], { changedAt: "2026-02-02T03:04:05.000Z" })],
  ["a rendition noted again when all are there", ready(), ready({ changedAt: "2026-02-02T03:04:05.000Z" })],
  ["another reason of one failure", failed, { ...failed, reason: "It is too large." }],
  ["a picture that is removed", ready(), null],
])("%s is nothing new to others", async (_, before, now) => {
  expect(await toldOf(before, now)).toHaveLength(1);
});

test("an event tells whose picture of which upload it is, and what can be seen of it, without keys of objects", async () => {
  const [first] = await toldOf(picture(["web", "print"]));
  const [, second] = await toldOf(picture(), failed);

  const { revision } = picture();
  const rendition = (name: RenditionName) => ({ name, width: 20, height: 10, sizeBytes: 3 });
  expect(first).toMatchObject({ Source: "gallery.media", Time: new Date(1_700_000_000_000) });
  expect(JSON.parse(first?.Detail ?? "")).toEqual({
    changeId: "change-1",
    owner,
    photo,
    revision,
    renditions: [rendition("print"), rendition("web")],
  });
  expect(JSON.parse(second?.Detail ?? "")).toEqual({
    changeId: "change-2",
    owner,
    photo,
    revision,
    renditions: [],
    reason: "It is damaged.",
  });
  expect(JSON.stringify([first, second])).not.toContain(stored(revision, "web").key);
});

test("of one upload, in whatever order its renditions are made, each is told once and the end once", async () => {
  const orders = fc.shuffledSubarray([...renditionNames], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const states = order.map((_, index) => picture(order.slice(0, index + 1)));

      expect(typesOf(await toldOf(picture(), ...states, ready()))).toEqual([
        "picture.processing",
        "picture.rendition",
        "picture.rendition",
        "picture.rendition",
        "picture.ready",
      ]);
    }),
  );
});
