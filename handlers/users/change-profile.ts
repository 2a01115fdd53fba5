import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { endpoint } from "../endpoint";
import { problem } from "../problem";
import { itemOf, profileOf } from "./profile";
import { changeProfile } from "./routes";

export const change = (profiles: TableClient) =>
  endpoint(changeProfile, async ({ user, body: { version, phone, ...fields } }) => {
    const values = { ...fields, ...(phone ? { phone } : {}), version: version + 1 };
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    try {
      const { Attributes = {} } = await profiles.UpdateItem({
        Key: marshall({ user }),
        UpdateExpression: `SET ${given.map(([name]) => `#${name} = :${name}`).join(", ")}${phone === null ? " REMOVE #phone" : ""}`,
        ConditionExpression: "#version = :expected AND attribute_not_exists(#removedAt)",
        ExpressionAttributeNames: {
          "#removedAt": "removedAt",
          ...Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
          ...(phone === null ? { "#phone": "phone" } : {}),
        },
        ExpressionAttributeValues: marshall({
          ":expected": version,
          ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
        }),
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return { status: 200, body: profileOf(itemOf(Attributes)) };
    } catch (error) {
      if (!(error instanceof ddb.ConditionalCheckFailedException)) {
        throw error;
      }
      const current = error.Item && itemOf(error.Item);
      if (!current || current.removedAt !== undefined) {
        throw problem(404, `There is no user ${user}.`);
      }
      const repeated =
        current.version === version + 1 &&
        Object.entries({ ...fields, phone: phone ?? undefined }).every(
          ([name, value]) => value === undefined || current[name as keyof typeof current] === value,
        ) &&
        (phone !== null || current.phone === undefined);
      if (!repeated) {
        throw problem(
          409,
          `The profile is at version ${current.version}, the change was made on ${version}.`,
        );
      }
      // The answer to a first attempt was lost.
      return { status: 200, body: profileOf(current) };
    }
  });
