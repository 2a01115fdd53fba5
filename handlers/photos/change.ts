import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { assertOwner } from "./owner";
import { fromItem, type Photo, type PhotoChange } from "./photo";
import { changePhoto } from "./routes";

export const change = (photos: TableClient) =>
  endpoint(changePhoto, async ({ user, path: { id }, body }) => {
    const { version, ...fields } = body;
    const values = { ...fields, version: version + 1, changedAt: new Date().toISOString() };
    const names = Object.keys(values);
    try {
      const { Attributes = {} } = await photos.UpdateItem({
        Key: marshall({ id }),
        UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
        ConditionExpression: "#owner = :user AND #version = :expected",
        ExpressionAttributeNames: {
          "#owner": "owner",
          ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: marshall({
          ":user": user,
          ":expected": version,
          ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return { status: 200, body: fromItem(Attributes) };
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
      const current = assertOwner(id, user, error.Item);
      if (!isRepeated(current, body)) {
        throw problem(409, `The photo is at version ${current.version}, the change was made on ${version}.`);
      }
      return { status: 200, body: current };
    }
  });

/** Whether the photo already is what the change would make it: the answer to a first attempt was lost. */
function isRepeated(current: Photo, { version, ...fields }: PhotoChange): boolean {
  return (
    current.version === version + 1 &&
    Object.entries(fields).every(
      ([name, value]) => JSON.stringify(current[name as keyof typeof fields]) === JSON.stringify(value),
    )
  );
}
