import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { problem } from "../problem";
import { fromItem, type Photo } from "./photo";

/** The photo of an item, if it is there and the user's own; otherwise throws the 404 or 403. */
export function assertOwner(
  id: string,
  user: string,
  item: Record<string, AttributeValue> | undefined,
): Photo {
  if (!item) {
    throw problem(404, `There is no photo ${id}.`);
  }
  const photo = fromItem(item);
  if (photo.owner !== user) {
    throw problem(403, "Only the owner may change a photo.");
  }
  return photo;
}
