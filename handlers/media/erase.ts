import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { PhotoEvent } from "../photos/events";

/** Forgets the picture of a photo that was removed; its objects are swept after that. */
export const erase =
  (pictures: TableClient) =>
  async ({ detail: { id, owner } }: EventBridgeEvent<string, PhotoEvent>) => {
    await pictures.DeleteItem({ Key: marshall({ owner, photo: id }) });
  };
