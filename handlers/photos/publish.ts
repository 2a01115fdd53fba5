import * as crypto from "node:crypto";
import * as ddb from "@aws-sdk/client-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { fromItem, type NewPhoto, type Photo, toItem } from "./photo";
import { publishPhoto } from "./routes";

export const publish = (photos: TableClient) =>
  endpoint(publishPhoto, async ({ user, body, headers }) => {
    const now = new Date().toISOString();
    const key = headers["idempotency-key"];
    const photo: Photo = {
      id: key === undefined ? crypto.randomUUID() : idFor(user, key),
      owner: user,
      ...body,
      version: 1,
      publishedAt: now,
      changedAt: now,
    };
    const fingerprint = fingerprintOf(body);
    try {
      await photos.PutItem({
        Item: toItem(photo, fingerprint),
        ConditionExpression: "attribute_not_exists(id)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return created(photo);
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException && error.Item)) {
        throw error;
      }
      if (error.Item.fingerprint?.S !== fingerprint) {
        throw problem(409, "The idempotency key was used before to publish another photo.");
      }
      return created(fromItem(error.Item));
    }
  });

const created = (photo: Photo) => ({
  status: 201,
  // Relative to the request's own path, since the API may be mounted below a path of a shared domain.
  headers: { location: `photos/${photo.id}` },
  body: photo,
});

/** The id that the user's idempotency key stands for, as a UUID of version 8. */
function idFor(user: string, key: string): string {
  const hex = crypto
    .createHash("sha256")
    .update(JSON.stringify([user, key]))
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function fingerprintOf({ title, description, tags }: NewPhoto): string {
  return crypto
    .createHash("sha256")
    .update(JSON.stringify([title, description, tags]))
    .digest("base64url");
}
