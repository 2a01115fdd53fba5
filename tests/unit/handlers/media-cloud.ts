import * as s3 from "@aws-sdk/client-s3";
import type { S3Event, S3EventRecord } from "aws-lambda";
import type { ObjectsClient } from "../../../components/sdk/s3";
import { type RenditionName, renditionNames } from "../../../handlers/media/picture/renditions";
import type { PictureRecord } from "../../../handlers/media/picture-record";
import { revisionOf, type Upload, uploadKey } from "../../../handlers/media/upload";

export const owner = "3f2b9c4e-1a2b-70c1-d5e6-f708192a3b4c";
export const photo = "0b8f2c1e-7d4a-4c56-9f10-2a3b4c5d6e7f";
export const sequencer = "0055aed6dcd90281e5";

/** The upload number `count` for the photo: of two, the greater is the later. */
export const upload = (count = 1): Upload => ({
  owner,
  photo,
  id: count.toString(16).padStart(12, "0") + "a".repeat(16),
});

/** S3's event of an object that was created; `key` is as S3 writes it. */
export function created(
  object: { readonly key?: string; readonly sequencer?: string; readonly eTag?: string } = {},
): S3Event {
  const record = {
    s3: { object: { key: uploadKey(upload()), sequencer, eTag: "etag-1", size: 10, ...object } },
  };
  return { Records: [record as S3EventRecord] };
}

const renditionKey = (revision: string, name: string) =>
  `renditions/${owner}/${photo}/${revision}/${name}.jpg`;

/** A rendition as it is stored. */
export const stored = (revision: string, name: RenditionName) => ({
  key: renditionKey(revision, name),
  width: 20,
  height: 10,
  sizeBytes: 3,
});

/** The picture of the photo with these renditions made. */
export function picture(
  made: readonly RenditionName[] = [],
  { count = 1, ...change }: Partial<PictureRecord> & { readonly count?: number } = {},
): PictureRecord {
  const revision = revisionOf(upload(count), sequencer);
  return {
    owner,
    photo,
    state: "processing",
    revision,
    upload: uploadKey(upload(count)),
    eTag: "etag-1",
    renditions: Object.fromEntries(made.map((name) => [name, stored(revision, name)])),
    changedAt: "2026-01-02T03:04:05.000Z",
    pending: owner,
    ...change,
  };
}
export const ready = (change: Parameters<typeof picture>[1] = {}) =>
  picture(renditionNames, { state: "ready", pending: undefined, ...change });

/** Objects in memory. Each call waits for `turn`, has its effect at once, and then `interrupt` may throw. */
export function memoryObjects({
  turn = async () => {},
  interrupt = () => {},
}: {
  turn?: () => Promise<unknown>;
  interrupt?: () => unknown;
} = {}) {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly eTag: string }>();
  const puts: s3.PutObjectCommandInput[] = [];
  const posts: Parameters<ObjectsClient["PresignPost"]>[0][] = [];
  const failing = new Set<string>();
  const refused = (name: string, httpStatusCode: number) =>
    new s3.S3ServiceException({ name, $fault: "client", $metadata: { httpStatusCode }, message: name });
  const reach = async (Key = "") => {
    await turn();
    if (failing.has(Key)) {
      throw refused("SlowDown", 503);
    }
    return Key;
  };
  const client = {
    GetObject: async ({ Key, IfMatch }: s3.GetObjectCommandInput) => {
      const found = objects.get(await reach(Key));
      if (!found) {
        throw refused("NoSuchKey", 404);
      }
      if (IfMatch !== found.eTag) {
        throw refused("PreconditionFailed", 412);
      }
      interrupt();
      return { Body: { transformToByteArray: async () => found.bytes } };
    },
    PutObject: async (input: s3.PutObjectCommandInput) => {
      objects.set(await reach(input.Key), { bytes: input.Body as Uint8Array, eTag: "etag-of-rendition" });
      puts.push(input);
      interrupt();
      return {};
    },
    DeleteObject: async ({ Key }: s3.DeleteObjectCommandInput) => {
      objects.delete(await reach(Key));
      interrupt();
      return {};
    },
    PresignGet: async ({ Key, expiresSeconds }: { Key?: string; expiresSeconds: number }) =>
      `https://objects.example/${Key}?seconds=${expiresSeconds}`,
    PresignPost: async (input: Parameters<ObjectsClient["PresignPost"]>[0]) => {
      posts.push(input);
      return { url: "https://objects.example/", fields: { ...input.Fields, key: input.Key ?? "" } };
    },
  };
  return {
    client: client as unknown as ObjectsClient,
    keys: () => [...objects.keys()].sort(),
    put: (key: string, eTag = "etag-1") => objects.set(key, { bytes: Buffer.from("picture"), eTag }),
    failing,
    puts,
    posts,
  };
}
