import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { ObjectsClient } from "../../components/sdk/s3";
import { type PictureRecord, pictureOf } from "./picture-record";
import { renditionsPrefix } from "./upload";

type Image = NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];

/** Deletes the objects that a picture no longer needs: of a replaced upload, a failed one, a photo that was removed. */
export const sweep =
  (uploads: ObjectsClient, renditions: ObjectsClient) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    for (const { dynamodb: { OldImage, NewImage, SequenceNumber = "" } = {} } of Records) {
      const kept = keysOf(NewImage);
      const left = keysOf(OldImage).filter((key) => !kept.includes(key));
      try {
        await Promise.all(
          left.map((Key) =>
            Key.startsWith(renditionsPrefix)
              ? renditions.DeleteObject({ Key })
              : uploads.DeleteObject({ Key }),
          ),
        );
      } catch (error) {
        console.error("objects could not be deleted", { left, error });
        return { batchItemFailures: [{ itemIdentifier: SequenceNumber }] };
      }
    }
    return { batchItemFailures: [] };
  };

function keysOf(image: Image): string[] {
  if (!image) {
    return [];
  }
  const { state, upload, renditions }: PictureRecord = pictureOf(image as Record<string, AttributeValue>);
  return state === "failed" ? [] : [upload, ...Object.values(renditions).map(({ key }) => key)];
}
