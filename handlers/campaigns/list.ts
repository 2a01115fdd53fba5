import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { encodeCursor, positionOf } from "../cursor";
import { endpoint } from "../endpoint";
import { campaignKind, fromItem } from "./campaign";
import { listCampaigns } from "./routes";

export const list = (campaigns: TableClient<"byTime">) =>
  endpoint(listCampaigns, async ({ query: { limit, cursor } }) => {
    const { Items = [], LastEvaluatedKey } = await campaigns.indexes.byTime.Query({
      KeyConditionExpression: "#kind = :kind",
      ExpressionAttributeNames: { "#kind": "kind" },
      ExpressionAttributeValues: marshall({ ":kind": campaignKind }),
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: cursor === undefined ? undefined : keyAt(cursor),
    });
    const found = Items.map(fromItem);
    const last = found.at(-1);
    return {
      status: 200,
      body: {
        campaigns: found,
        cursor: LastEvaluatedKey && last ? encodeCursor({ time: last.createdAt, id: last.id }) : undefined,
      },
    };
  });

function keyAt(cursor: string) {
  const { time, id } = positionOf(cursor);
  return marshall({ kind: campaignKind, createdAt: time, id });
}
