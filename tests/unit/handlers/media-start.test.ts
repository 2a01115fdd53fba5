import type { PublishCommandInput } from "@aws-sdk/client-sns";
import * as fc from "fast-check";
import type { TopicClient } from "../../../components/sdk/sns";
import { contentOf, start } from "../../../handlers/media/start";
import { revisionOf, uploadKey } from "../../../handlers/media/upload";
import { keyedTable } from "./keyed-table";
import { created, owner, photo, picture, ready, sequencer, upload } from "./media-cloud";

function media() {
  const pictures = keyedTable(["owner", "photo"]);
  const published: Omit<PublishCommandInput, "TopicArn">[] = [];
  const broken = { topic: false };
  const topic: TopicClient = {
    Publish: async (input) => {
      if (broken.topic) {
        throw new Error("ServiceUnavailable");
      }
      published.push(input);
      return { $metadata: {} };
    },
  };
  return { pictures, published, broken, handle: start(pictures.client, topic) };
}
const revision = revisionOf(upload(), sequencer);

test("an upload is noted, then all its renditions are asked for, by an attribute that queues filter by", async () => {
  const { pictures, published, handle } = media();

  await handle(created());

  expect(pictures.items()).toEqual([picture([], { changedAt: expect.any(String) })]);
  expect(published).toHaveLength(1);
  expect(JSON.parse(published[0]?.Message ?? "")).toEqual({
    owner,
    photo,
    revision,
    upload: uploadKey(upload()),
    eTag: "etag-1",
  });
  expect(published[0]?.MessageAttributes).toEqual({
    renditions: { DataType: "String.Array", StringValue: '["thumbnail","web","print"]' },
  });
});

test("a later upload replaces what was known, a failure's reason included", async () => {
  const { pictures, published, handle } = media();
  pictures.put(picture(["web"], { state: "failed", reason: "It is no picture." }));

  await handle(created({ key: uploadKey(upload(2)), eTag: "etag-2" }));

  expect(pictures.items()).toEqual([
    picture([], { count: 2, eTag: "etag-2", changedAt: expect.any(String) }),
  ]);
  expect(published).toHaveLength(1);
});

test("an older upload of which S3 tells later changes nothing and asks for nothing", async () => {
  const { pictures, published, handle } = media();
  pictures.put(picture(["web"], { count: 2 }));

  await handle(created());

  expect(pictures.items()).toEqual([picture(["web"], { count: 2 })]);
  expect(published).toEqual([]);
});

test("a repeated event asks again while the picture is in process, since the first may not have come to it", async () => {
  const { pictures, published, broken, handle } = media();
  broken.topic = true;
  await expect(handle(created())).rejects.toThrow("ServiceUnavailable");
  broken.topic = false;

  await handle(created());
  await handle(created());

  expect(published).toHaveLength(2);
  expect(pictures.stream).toHaveLength(1);
});

test.each([
  ["ready", ready()],
  ["failed", picture([], { state: "failed" })],
])("a repeated event asks for nothing once the picture is %s", async (_, known) => {
  const { pictures, published, handle } = media();
  pictures.put(known);

  await handle(created());

  expect(published).toEqual([]);
  expect(pictures.items()).toEqual([known]);
});

test("what a form did not put there is logged and left, and the others of the event go on", async () => {
  const { pictures, published, handle } = media();
  const logged = jest.spyOn(console, "error").mockImplementation(() => {});
  const Records = [...created({ key: "uploads/readme.txt" }).Records, ...created().Records];

  await handle({ Records });

  expect(logged).toHaveBeenCalledWith(expect.stringContaining("form"), { key: "uploads/readme.txt" });
  expect(published).toHaveLength(1);
  expect(pictures.items()).toHaveLength(1);
  logged.mockRestore();
});

test("a key is read as S3 writes it: encoded as in a form", async () => {
  const { pictures, handle } = media();
  const spaced = { ...upload(), owner: "ann ä+b" };

  await handle(created({ key: `uploads/ann+%C3%A4%2Bb/${photo}/${spaced.id}` }));

  expect(pictures.items()).toEqual([
    expect.objectContaining({ owner: "ann ä+b", upload: uploadKey(spaced) }),
  ]);
});

test("a table that cannot be reached fails the event, to be retried", async () => {
  const { published, ...rest } = media();
  const topic: TopicClient = { Publish: async () => ({ $metadata: {} }) };
  const client = {
    ...rest.pictures.client,
    UpdateItem: async () => {
      throw new Error("ThrottlingException");
    },
  };

  await expect(start(client, topic)(created())).rejects.toThrow("ThrottlingException");
  expect(published).toEqual([]);
});

test("in whatever order and however often S3 tells of uploads, the last one stays", async () => {
  const events = fc.array(fc.record({ count: fc.integer({ min: 1, max: 4 }), again: fc.boolean() }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(events, async (told) => {
      const { pictures, published, handle } = media();

      for (const { count, again } of told) {
        await handle(created({ key: uploadKey(upload(count)) }));
        if (again) {
          await handle(created({ key: uploadKey(upload(count)) }));
        }
      }

      const last = Math.max(...told.map(({ count }) => count));
      expect(pictures.items()).toEqual([picture([], { count: last, changedAt: expect.any(String) })]);
      const asked = published.map(({ Message = "" }) => JSON.parse(Message).revision);
      expect(asked).toContain(revisionOf(upload(last), sequencer));
      expect(asked).toEqual([...asked].sort());
    }),
  );
});

test("an event is the same task each time it is delivered, and another for another content", () => {
  const first = contentOf(created());

  expect(contentOf(created())).toBe(first);
  expect(contentOf(created({ sequencer: "0055aed6dcd90281e6" }))).not.toBe(first);
  expect(contentOf(created({ key: uploadKey(upload(2)) }))).not.toBe(first);
  expect(contentOf({ Records: [...created().Records, ...created({ key: "b" }).Records] })).toBe(
    `${first}\nb ${sequencer}`,
  );
});
