import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { fromItem } from "./photo";
import { readPhoto } from "./routes";

export const read = (photos: TableClient) =>
  endpoint(readPhoto, async ({ path: { id } }) => {
    const { Item } = await photos.GetItem({ Key: marshall({ id }) });
    if (!Item) {
      throw problem(404, `There is no photo ${id}.`);
    }
    return { status: 200, body: fromItem(Item) };
  });
