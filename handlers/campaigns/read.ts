import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { fromItem } from "./campaign";
import { readCampaign } from "./routes";

export const read = (campaigns: TableClient) =>
  endpoint(readCampaign, async ({ path: { id } }) => {
    const { Item } = await campaigns.GetItem({ Key: marshall({ id }) });
    if (!Item) {
      throw problem(404, `There is no campaign ${id}.`);
    }
    return { status: 200, body: fromItem(Item) };
  });
