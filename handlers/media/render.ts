import * as s3 from "@aws-sdk/client-s3";
import type { SQSRecord } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { ObjectsClient } from "../../components/sdk/s3";
import { renderer } from "./picture/render";
import type { RenditionName } from "./picture/renditions";
import { isUnusable } from "./picture/unusable";
import { progressIn } from "./progress";
import { type RenditionRequest, renditionRequestSchema } from "./rendition-request";
import { renditionsPrefix } from "./upload";

/** Objects are never changed, as each upload has its own. */
const cacheControl = "public, max-age=31536000, immutable";

/**
 * Makes one rendition of an upload. It may come late, twice or after the others: what is there already is not made
 * again, and what a later upload has replaced is left. A picture that is none fails for good, with a reason; anything
 * else that goes wrong is thrown, for the queue to try again.
 */
export const render = (
  name: RenditionName,
  pictures: TableClient,
  uploads: ObjectsClient,
  renditions: ObjectsClient,
) => {
  const progress = progressIn(pictures);
  const read = reader(uploads);
  return {
    factory: () => {
      const schema = renditionRequestSchema();
      const ready = renderer();

      const store = async (request: RenditionRequest, content: Uint8Array) => {
        const { bytes, width, height, contentType } = await (await ready).render(content, name);
        const key = keyOf(request, name);
        await renditions.PutObject({
          Key: key,
          Body: bytes,
          ContentType: contentType,
          CacheControl: cacheControl,
        });
        const rendition = { key, width, height, sizeBytes: bytes.length };
        const noted = await progress.noteRendition(request, name, rendition);
        if (!noted) {
          await renditions.DeleteObject({ Key: key });
        }
        return noted;
      };

      return async ({ body }: SQSRecord) => {
        const request = schema.parse(JSON.parse(body));
        const known = await progress.current(request);
        if (!known || known.state === "failed") {
          // An attempt that ended before it could note what it had stored has left it.
          await renditions.DeleteObject({ Key: keyOf(request, name) });
          return;
        }
        if (known.state === "ready") {
          return;
        }
        if (known.renditions[name]) {
          await progress.completeIfWhole(known);
          return;
        }
        const content = await read(request);
        if (!content) {
          return;
        }
        try {
          const noted = await store(request, content);
          if (noted) {
            await progress.completeIfWhole(noted);
          }
        } catch (error) {
          if (!isUnusable(error)) {
            throw error;
          }
          await progress.fail(request, error.message);
        }
      };
    },
  };
};

/** The content that was uploaded; undefined when the form was sent again, of which S3 tells as well. */
const reader =
  (uploads: ObjectsClient) =>
  async ({ upload, eTag }: RenditionRequest): Promise<Uint8Array | undefined> => {
    try {
      const { Body } = await uploads.GetObject({ Key: upload, IfMatch: eTag });
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof s3.S3ServiceException && error.$metadata.httpStatusCode === 412) {
        return undefined;
      }
      throw error;
    }
  };

/** The object of a rendition, which no other upload has. */
function keyOf({ owner, photo, revision }: RenditionRequest, name: RenditionName): string {
  return `${renditionsPrefix}${owner}/${photo}/${revision}/${name}.jpg`;
}
