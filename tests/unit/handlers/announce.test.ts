import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import type { BusClient } from "../../../components/sdk/eventbridge";
import { announce } from "../../../handlers/photos/announce";

const photo = (version: number) => ({
  id: "0b8f2c1e-7d4a-4c56-9f10-2a3b4c5d6e7f",
  owner: "ann",
  title: "Dunes",
  tags: [],
  version,
});

type Image = NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];
const imageOf = (version: number, picture?: object) =>
  marshall({ ...photo(version), ...(picture && { picture, pictureProgress: "1" }) }) as Image;

/** The change that made a version: a new photo is the first, and what is removed was the last. */
function change(eventName: "INSERT" | "MODIFY" | "REMOVE", version: number): DynamoDBRecord {
  return {
    eventID: `change-${version}`,
    eventName,
    dynamodb: {
      SequenceNumber: `${100 + version}`,
      ApproximateCreationDateTime: 1_700_000_000,
      OldImage: eventName === "INSERT" ? undefined : imageOf(eventName === "REMOVE" ? version : version - 1),
      NewImage: eventName === "REMOVE" ? undefined : imageOf(version),
    },
  };
}

beforeEach(() => {
  jest.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => jest.restoreAllMocks());

/** A bus that refuses the entries at these positions, counted over all calls. */
function bus(refused: number[] = []) {
  const entries: PutEventsRequestEntry[] = [];
  const calls: number[] = [];
  const client: BusClient = {
    PutEvents: async ({ Entries }) => {
      const first = entries.length;
      entries.push(...Entries);
      calls.push(Entries.length);
      const results = Entries.map((_, index) =>
        refused.includes(first + index) ? { ErrorCode: "ThrottlingException" } : { EventId: "e" },
      );
      return { $metadata: {}, FailedEntryCount: 0, Entries: results };
    },
  };
  return { client, entries, calls };
}

test("each kind of change is told as its event, with an id that does not change on retries", async () => {
  const { client, entries } = bus();
  const Records = [change("INSERT", 1), change("MODIFY", 2), change("REMOVE", 3)];

  const result = await announce(client).factory()({ Records });

  expect(result.batchItemFailures).toEqual([]);
  expect(entries.map(({ Source, DetailType }) => `${Source} ${DetailType}`)).toEqual([
    "gallery.photos photo.published",
    "gallery.photos photo.changed",
    "gallery.photos photo.removed",
  ]);
  expect(JSON.parse(entries[1]?.Detail ?? "")).toEqual({ changeId: "change-2", ...photo(2) });
  expect(entries[0]?.Time).toEqual(new Date(1_700_000_000_000));
});

test("how far its picture is, is no change of a photo: the bus is not called", async () => {
  const { client, entries, calls } = bus();
  const follows = change("MODIFY", 2);
  const dynamodb = { ...follows.dynamodb, OldImage: imageOf(2), NewImage: imageOf(2, { state: "ready" }) };

  const result = await announce(client).factory()({ Records: [{ ...follows, dynamodb }] });

  expect(result.batchItemFailures).toEqual([]);
  expect(entries).toEqual([]);
  expect(calls).toEqual([]);
});

test("a change between others that are not told is refused by its own number", async () => {
  const { client } = bus([1]);
  const quiet = change("MODIFY", 2);
  quiet.dynamodb = { ...quiet.dynamodb, OldImage: imageOf(2) };

  const result = await announce(client).factory()({
    Records: [change("INSERT", 1), quiet, change("MODIFY", 3), change("MODIFY", 4)],
  });

  expect(result.batchItemFailures).toEqual([{ itemIdentifier: "103" }]);
});

test("more changes than one call takes go in several, in order", async () => {
  const { client, entries, calls } = bus();
  const Records = Array.from({ length: 25 }, (_, index) => change("MODIFY", index + 1));

  await announce(client).factory()({ Records });

  expect(calls).toEqual([10, 10, 5]);
  expect(entries.map(({ Detail }) => JSON.parse(Detail ?? "").version)).toEqual(
    Records.map((_, index) => index + 1),
  );
});

test("from the first change that the bus refuses, all are to come again", async () => {
  const { client, calls } = bus([11]);
  const Records = Array.from({ length: 25 }, (_, index) => change("MODIFY", index + 1));

  const result = await announce(client).factory()({ Records });

  expect(result.batchItemFailures).toEqual([{ itemIdentifier: "112" }]);
  expect(calls).toEqual([10, 10]);
});

test("a change that does not keep the contract fails the batch, to be halved until it stands alone", async () => {
  const broken = change("MODIFY", 1);
  delete broken.dynamodb?.NewImage?.title;

  await expect(announce(bus().client).factory()({ Records: [broken] })).rejects.toThrow(/title/);
});
