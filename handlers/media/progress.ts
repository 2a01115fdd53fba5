import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { type RenditionName, renditionNames } from "./picture/renditions";
import { type PictureRecord, pictureOf, type StoredRendition } from "./picture-record";
import type { RenditionRequest } from "./rendition-request";

type Identity = Pick<RenditionRequest, "owner" | "photo" | "revision">;

type Change = Omit<Parameters<TableClient["UpdateItem"]>[0], "Key">;

/** How the pictures of requests come along, in the table of pictures. */
export function progressIn(pictures: TableClient) {
  /** Answers the changed record; undefined when the condition does not hold. */
  const change = async (
    { owner, photo, revision }: Identity,
    { ExpressionAttributeNames, ExpressionAttributeValues, ...expressions }: Change,
  ): Promise<PictureRecord | undefined> => {
    try {
      const { Attributes = {} } = await pictures.UpdateItem({
        ...expressions,
        Key: marshall({ owner, photo }),
        ExpressionAttributeNames: {
          "#revision": "revision",
          "#state": "state",
          "#changedAt": "changedAt",
          ...ExpressionAttributeNames,
        },
        ExpressionAttributeValues: {
          ...marshall({ ":revision": revision, ":now": new Date().toISOString() }),
          ...ExpressionAttributeValues,
        },
        ReturnValues: "ALL_NEW",
      });
      return pictureOf(Attributes);
    } catch (error) {
      if (error instanceof ddb.ConditionalCheckFailedException) {
        return undefined;
      }
      throw error;
    }
  };

  return {
    /** The record of the request's picture; undefined when a later upload, or none, has taken its place. */
    current: async ({ owner, photo, revision }: Identity): Promise<PictureRecord | undefined> => {
      const { Item } = await pictures.GetItem({ Key: marshall({ owner, photo }), ConsistentRead: true });
      const picture = Item && pictureOf(Item);
      return picture?.revision === revision ? picture : undefined;
    },

    /** Notes a rendition that was stored; undefined when it is no longer wanted. */
    noteRendition: (
      request: Identity,
      name: RenditionName,
      rendition: StoredRendition,
    ): Promise<PictureRecord | undefined> =>
      change(request, {
        UpdateExpression: "SET #renditions.#name = :rendition, #changedAt = :now",
        ConditionExpression: "#revision = :revision AND #state <> :failed",
        ExpressionAttributeNames: { "#renditions": "renditions", "#name": name },
        ExpressionAttributeValues: marshall({ ":rendition": rendition, ":failed": "failed" }),
      }),

    /** Makes the picture ready if nothing is missing; whoever comes last, and whoever repeats it, may try. */
    completeIfWhole: async (picture: PictureRecord): Promise<void> => {
      if (renditionNames.every((name) => picture.renditions[name])) {
        await change(picture, {
          UpdateExpression: "SET #state = :ready, #changedAt = :now REMOVE #pending",
          ConditionExpression: "#revision = :revision AND #state = :processing",
          ExpressionAttributeNames: { "#pending": "pending" },
          ExpressionAttributeValues: marshall({ ":ready": "ready", ":processing": "processing" }),
        });
      }
    },

    /** Notes that no rendition can be made, and what the user is to know of it. */
    fail: async (request: Identity, reason: string): Promise<void> => {
      await change(request, {
        UpdateExpression: "SET #state = :failed, #reason = :reason, #changedAt = :now",
        ConditionExpression: "#revision = :revision AND #state = :processing",
        ExpressionAttributeNames: { "#reason": "reason" },
        ExpressionAttributeValues: marshall({
          ":failed": "failed",
          ":reason": reason,
          ":processing": "processing",
        }),
      });
    },
  };
}
