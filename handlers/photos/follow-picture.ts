import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import { type PictureEvent, progressOf, stateOf } from "../media/events";

/**
 * Keeps with a photo how far its picture is. Events come late, twice and in any order: one that tells less than is
 * known changes nothing, nor does a picture that somebody else uploaded for the photo.
 */
export const followPicture =
  (photos: TableClient) => async (event: EventBridgeEvent<string, PictureEvent>) => {
    const { photo, owner, renditions, reason } = event.detail;
    const state = stateOf(event["detail-type"]);
    try {
      await photos.UpdateItem({
        Key: marshall({ id: photo }),
        UpdateExpression: "SET #picture = :picture, #progress = :progress",
        ConditionExpression: "#owner = :owner AND (attribute_not_exists(#progress) OR #progress < :progress)",
        ExpressionAttributeNames: {
          "#picture": "picture",
          "#progress": "pictureProgress",
          "#owner": "owner",
        },
        ExpressionAttributeValues: marshall(
          {
            ":picture": { state, renditions, reason },
            ":progress": progressOf(state, event.detail),
            ":owner": owner,
          },
          { removeUndefinedValues: true },
        ),
      });
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
    }
  };
