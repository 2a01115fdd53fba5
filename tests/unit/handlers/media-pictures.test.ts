import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../../components/sdk/dynamodb";
import type { RenditionName } from "../../../handlers/media/picture/renditions";
import type { PictureRecord } from "../../../handlers/media/picture-record";
import { list, read, show } from "../../../handlers/media/pictures";
import { call } from "./http-event";
import { keyedTable } from "./keyed-table";
import { memoryObjects, owner, photo, picture, ready, stored } from "./media-cloud";

const renditions = memoryObjects().client;
const table = (...known: PictureRecord[]) => {
  const pictures = keyedTable(["owner", "photo"]);
  known.forEach(pictures.put);
  return pictures.client;
};
const link = (name: RenditionName) => ({
  name,
  width: 20,
  height: 10,
  sizeBytes: 3,
  url: `https://objects.example/${stored(ready().revision, name).key}?seconds=900`,
});
const shown = (record: PictureRecord, names: RenditionName[]) => ({
  photo,
  state: record.state,
  ...(record.reason === undefined ? {} : { reason: record.reason }),
  renditions: names.map(link),
  changedAt: record.changedAt,
});

describe("the owner reads the picture of a photo", () => {
  test("with a link to every rendition, which serves for 15 minutes", async () => {
    expect(await call(read(table(ready()), renditions), { user: owner, path: { photo } })).toMatchObject({
      status: 200,
      body: shown(ready(), ["print", "thumbnail", "web"]),
    });
  });

  test("in process with what there is, failed with the reason", async () => {
    const answer = async (record: PictureRecord) =>
      (await call(read(table(record), renditions), { user: owner, path: { photo } })).body;
    const failed = picture([], { state: "failed", reason: "It is damaged." });

    expect(await answer(picture(["web"]))).toEqual(shown(picture(), ["web"]));
    expect(await answer(failed)).toEqual(shown(failed, []));
  });

  test("and nobody else: 404 for another user, as for a photo without one", async () => {
    const another = { user: "11111111-1a2b-70c1-d5e6-f708192a3b4c", path: { photo } };

    expect((await call(read(table(ready()), renditions), another)).status).toBe(404);
    expect((await call(read(table(), renditions), { user: owner, path: { photo } })).status).toBe(404);
  });

  test("401 without a token, 400 for what is no id", async () => {
    expect((await call(read(table(ready()), renditions), { path: { photo } })).status).toBe(401);
    expect((await call(read(table(), renditions), { user: owner, path: { photo: "a" } })).status).toBe(400);
  });
});

describe("anyone is shown the picture of a photo", () => {
  test("with renditions for screens alone, by an owner whose id is Cognito's", async () => {
    const { status, body } = await call(show(table(ready()), renditions), { path: { owner, photo } });

    expect(status).toBe(200);
    expect(body).toEqual(shown(ready(), ["thumbnail", "web"]));
  });

  test.each([
    ["none was uploaded", []],
    ["it is in process", [picture(["thumbnail", "web"])]],
    ["it failed", [picture([], { state: "failed", reason: "It is damaged." })]],
  ])("404 where %s", async (_, known) => {
    const { status, body } = await call(show(table(...known), renditions), { path: { owner, photo } });

    expect(status).toBe(404);
    expect(JSON.stringify(body)).not.toContain("damaged");
  });

  test.each([
    { owner: "ann", photo },
    { owner, photo: "1" },
  ])("400 for %j", async (path) => {
    expect((await call(show(table(ready()), renditions), { path })).status).toBe(400);
  });
});

describe("the owner lists what is not ready", () => {
  /** Answers queries of the index with these pictures; notes what it was asked. */
  function pending(...known: PictureRecord[]) {
    const asked: unknown[] = [];
    const Query = async (input: unknown) => {
      asked.push(input);
      return { Items: known.map((record) => marshall(record, { removeUndefinedValues: true })) };
    };
    return { asked, client: { indexes: { pending: { Query } } } as unknown as TableClient<"pending"> };
  }

  test("by the index of one's own, newest first, at most 100", async () => {
    const failed = picture([], { state: "failed", reason: "It is damaged." });
    const pictures = pending(failed, picture(["web"]));

    const { status, body } = await call(list(pictures.client, renditions), { user: owner });

    expect(status).toBe(200);
    expect(body).toEqual({ pictures: [shown(failed, []), shown(picture(), ["web"])] });
    expect(pictures.asked).toEqual([
      {
        KeyConditionExpression: "#pending = :user",
        ExpressionAttributeNames: { "#pending": "pending" },
        ExpressionAttributeValues: { ":user": { S: owner } },
        ScanIndexForward: false,
        Limit: 100,
      },
    ]);
  });

  test("nothing where all is ready, 401 without a token", async () => {
    expect(await call(list(pending().client, renditions), { user: owner })).toMatchObject({
      status: 200,
      body: { pictures: [] },
    });
    expect((await call(list(pending().client, renditions), {})).status).toBe(401);
  });
});
