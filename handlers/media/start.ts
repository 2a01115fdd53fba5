import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { S3Event, S3EventRecord } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { TopicClient } from "../../components/sdk/sns";
import { renditionNames } from "./picture/renditions";
import { pictureOf } from "./picture-record";
import type { RenditionRequest } from "./rendition-request";
import { revisionOf, uploadOf } from "./upload";

/**
 * Begins with the picture that was uploaded: notes it, then asks for its renditions. Of two uploads for a photo the
 * later one counts, in whatever order S3 tells of them. A repeated event asks again, which does no harm.
 */
export const start = (pictures: TableClient, topic: TopicClient) => {
  const note = noter(pictures);
  return async ({ Records }: S3Event) => {
    for (const record of Records) {
      const request = requestOf(record);
      if (!request) {
        console.error("not an object that a form was handed out for", { key: record.s3.object.key });
        continue;
      }
      if (await note(request)) {
        await topic.Publish({
          Message: JSON.stringify(request),
          MessageAttributes: {
            renditions: { DataType: "String.Array", StringValue: JSON.stringify(renditionNames) },
          },
        });
      }
    }
  };
};

/** What an event of S3 is about, whichever of its deliveries it is. */
export const contentOf = ({ Records }: S3Event): string =>
  Records.map(({ s3: { object } }) => `${object.key} ${object.sequencer}`).join("\n");

function requestOf({ s3: { object } }: S3EventRecord): RenditionRequest | undefined {
  // As in a form: S3 writes a space as a plus sign.
  const key = decodeURIComponent(object.key.replaceAll("+", " "));
  const upload = uploadOf(key);
  return (
    upload && {
      owner: upload.owner,
      photo: upload.photo,
      revision: revisionOf(upload, object.sequencer),
      upload: key,
      eTag: object.eTag,
    }
  );
}

/** Notes what is being processed; answers whether its renditions are to be asked for. */
const noter =
  (pictures: TableClient) =>
  async ({ owner, photo, ...request }: RenditionRequest): Promise<boolean> => {
    const fields = {
      ...request,
      state: "processing",
      pending: owner,
      renditions: {},
      changedAt: new Date().toISOString(),
    };
    const names = Object.keys(fields);
    try {
      await pictures.UpdateItem({
        Key: marshall({ owner, photo }),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")} REMOVE #reason`,
        ConditionExpression: "attribute_not_exists(#revision) OR #revision < :revision",
        ExpressionAttributeNames: Object.fromEntries([...names, "reason"].map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: marshall(
          Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value])),
        ),
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return true;
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException && error.Item)) {
        throw error;
      }
      const known = pictureOf(error.Item);
      return known.revision === request.revision && known.state === "processing";
    }
  };
