import * as crypto from "node:crypto";
import * as ddb from "@aws-sdk/client-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { fingerprintOf, idFor } from "../idempotency-key";
import { problem } from "../problem";
import { fromItem, type Photo, toItem } from "./photo";
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
    const fingerprint = fingerprintOf(body.title, body.description, body.tags);
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
