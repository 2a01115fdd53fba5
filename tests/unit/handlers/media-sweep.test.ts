import type { EventBridgeEvent } from "aws-lambda";
import { erase } from "../../../handlers/media/erase";
import { renditionNames } from "../../../handlers/media/picture/renditions";
import type { PictureRecord } from "../../../handlers/media/picture-record";
import { sweep } from "../../../handlers/media/sweep";
import { uploadKey } from "../../../handlers/media/upload";
import type { PhotoEvent } from "../../../handlers/photos/events";
import { keyedTable } from "./keyed-table";
import { memoryObjects, owner, photo, picture, ready, stored, upload } from "./media-cloud";

const removed = (id = photo) =>
  ({
    "detail-type": "photo.removed",
    detail: { changeId: "c", id, owner, title: "Dunes", tags: [], version: 1 },
  }) as unknown as EventBridgeEvent<string, PhotoEvent>;

/** The service whose picture was `before`, with all its objects. */
function media(before: PictureRecord) {
  const pictures = keyedTable(["owner", "photo"]);
  const uploads = memoryObjects();
  const renditions = memoryObjects();
  const hold = (record: PictureRecord) => {
    pictures.put(record);
    uploads.put(record.upload);
    for (const { key } of Object.values(record.renditions)) {
      renditions.put(key);
    }
  };
  hold(before);
  return {
    pictures,
    uploads,
    renditions,
    hold,
    sweep: () => sweep(uploads.client, renditions.client)({ Records: pictures.stream }),
  };
}
const keysOf = ({ upload: key, renditions }: PictureRecord) => ({
  uploads: [key],
  renditions: Object.values(renditions)
    .map(({ key: object }) => object)
    .sort(),
});
const left = ({ uploads, renditions }: ReturnType<typeof media>) => ({
  uploads: uploads.keys(),
  renditions: renditions.keys(),
});

test("a picture that comes along keeps its upload and its renditions", async () => {
  const service = media(picture());
  service.hold(picture(["web"]));
  service.hold(ready());

  expect(await service.sweep()).toEqual({ batchItemFailures: [] });

  expect(left(service)).toEqual(keysOf(ready()));
});

test("of an upload that was replaced all goes, of the later one all stays", async () => {
  const service = media(ready());
  const later = picture(["web"], { count: 2 });
  service.hold(later);

  await service.sweep();

  expect(left(service)).toEqual(keysOf(later));
});

test("a form that was sent again keeps the object, which holds the new content", async () => {
  const service = media(picture(["web"]));
  service.hold(picture([], { revision: `${picture().revision}1` }));

  await service.sweep();

  expect(left(service)).toEqual({ uploads: [uploadKey(upload())], renditions: [] });
});

test("of a picture that failed all goes", async () => {
  const service = media(picture(["web", "thumbnail"]));
  service.pictures.put(picture(["web", "thumbnail"], { state: "failed" }));

  await service.sweep();

  expect(left(service)).toEqual({ uploads: [], renditions: [] });
});

test("of a photo that was removed all goes, once the picture is erased", async () => {
  const service = media(ready());
  await erase(service.pictures.client)(removed());

  await service.sweep();

  expect(service.pictures.items()).toEqual([]);
  expect(left(service)).toEqual({ uploads: [], renditions: [] });
});

test("a photo that was removed erases its own picture, and none that is not there", async () => {
  const service = media(ready());

  await erase(service.pictures.client)(removed("11111111-7d4a-4c56-9f10-2a3b4c5d6e7f"));

  expect(service.pictures.items()).toHaveLength(1);
});

test("from the first change whose objects cannot be deleted, all come again", async () => {
  const logged = jest.spyOn(console, "error").mockImplementation(() => {});
  const service = media(ready());
  const second = picture(["web"], { count: 2 });
  const third = picture([], { count: 3 });
  service.hold(second);
  service.hold(third);
  service.uploads.failing.add(second.upload);

  const answer = await service.sweep();

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "3" }] });
  expect(logged).toHaveBeenCalledWith("objects could not be deleted", expect.anything());
  service.uploads.failing.clear();
  expect(await service.sweep()).toEqual({ batchItemFailures: [] });
  expect(left(service)).toEqual(keysOf(third));
  logged.mockRestore();
});

test("an object of a rendition is deleted by the right for renditions, an upload by that for uploads", async () => {
  const service = media(ready());
  const asked = { uploads: [] as string[], renditions: [] as string[] };
  const noting = (kind: keyof typeof asked) => ({
    ...service[kind].client,
    DeleteObject: async ({ Key = "" }) => {
      asked[kind].push(Key);
      return { $metadata: {} };
    },
  });
  await erase(service.pictures.client)(removed());

  await sweep(noting("uploads"), noting("renditions"))({ Records: service.pictures.stream });

  expect(asked.uploads).toEqual([uploadKey(upload())]);
  expect(asked.renditions.sort()).toEqual(
    renditionNames.map((name) => stored(ready().revision, name).key).sort(),
  );
});
