import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { encodeCursor, positionOf } from "../cursor";
import { endpoint } from "../endpoint";
import { everyone, fromItem } from "./photo";
import { listPhotos } from "./routes";

export const list = (photos: TableClient<"byTime" | "byOwner">) =>
  endpoint(listPhotos, async ({ query: { owner, limit, cursor } }) => {
    const page = (partition: "gallery" | "owner", value: string) => ({
      KeyConditionExpression: "#partition = :value",
      ExpressionAttributeNames: { "#partition": partition },
      ExpressionAttributeValues: marshall({ ":value": value }),
      ScanIndexForward: false,
      Limit: limit,
      // The partition is the one asked for, whatever the cursor says.
      ExclusiveStartKey: cursor === undefined ? undefined : keyAt(cursor, { [partition]: value }),
    });
    const { Items = [], LastEvaluatedKey } =
      owner === undefined
        ? await photos.indexes.byTime.Query(page("gallery", everyone))
        : await photos.indexes.byOwner.Query(page("owner", owner));
    const found = Items.map(fromItem);
    const last = found.at(-1);
    return {
      status: 200,
      body: {
        photos: found,
        cursor: LastEvaluatedKey && last ? encodeCursor({ time: last.publishedAt, id: last.id }) : undefined,
      },
    };
  });

function keyAt(cursor: string, partition: Readonly<Record<string, string>>) {
  const { time, id } = positionOf(cursor);
  return marshall({ publishedAt: time, id, ...partition });
}
