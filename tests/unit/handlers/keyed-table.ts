import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import type { TableClient } from "../../../components/sdk/dynamodb";
import { type Attributes, meets } from "./condition";

type Item = Record<string, ddb.AttributeValue>;
type Image = NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];
interface Update {
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
  readonly ReturnValuesOnConditionCheckFailure?: "ALL_OLD";
}

/**
 * A table in memory that checks conditions and has a stream. Each call waits for `turn`, then has its effect at once;
 * after that `interrupt` may throw, as where the answer was lost.
 */
export function keyedTable(
  key: readonly string[],
  {
    turn = async () => {},
    interrupt = () => {},
  }: { turn?: () => Promise<unknown>; interrupt?: () => unknown } = {},
) {
  const items = new Map<string, Attributes>();
  const stream: DynamoDBRecord[] = [];
  const keyOf = (item: Item) => key.map((attribute) => item[attribute]?.S).join("/");
  const itemOf = (item: Attributes) => marshall(item, { removeUndefinedValues: true });
  const imageOf = (item: Attributes) => itemOf(item) as Image;

  const write = (id: string, now: Attributes | undefined) => {
    const before = items.get(id);
    if (JSON.stringify(before) === JSON.stringify(now)) {
      return;
    }
    stream.push({
      eventID: `change-${stream.length + 1}`,
      eventName: before ? (now ? "MODIFY" : "REMOVE") : "INSERT",
      dynamodb: {
        SequenceNumber: String(stream.length + 1),
        ApproximateCreationDateTime: 1_700_000_000,
        OldImage: before && imageOf(before),
        NewImage: now && imageOf(now),
      },
    });
    if (now) {
      items.set(id, now);
    } else {
      items.delete(id);
    }
  };

  const updated = (item: Attributes, update: Update): Attributes => {
    const { UpdateExpression, ExpressionAttributeNames: names } = update;
    const values = unmarshall(update.ExpressionAttributeValues);
    const [, sets = "", removes = ""] = /^SET (.*?)(?: REMOVE (.*))?$/.exec(UpdateExpression) ?? [];
    const changed = structuredClone(item);
    for (const assignment of sets.split(", ")) {
      const [target = "", value = ""] = assignment.split(" = ");
      const path = target.split(".").map((name) => names[name] ?? "");
      const parent = path.slice(0, -1).reduce<unknown>((at, name) => (at as Attributes)[name], changed);
      if (typeof parent !== "object" || parent === null || values[value] === undefined) {
        throw new Error(`ValidationException: ${assignment}`);
      }
      (parent as Attributes)[path.at(-1) ?? ""] = values[value];
    }
    for (const name of removes.split(", ").filter((text) => text !== "")) {
      delete changed[names[name] ?? ""];
    }
    return changed;
  };

  const client = {
    GetItem: async ({ Key }: { Key: Item }) => {
      await turn();
      const item = items.get(keyOf(Key));
      const answer = { Item: item && itemOf(item) };
      interrupt();
      return answer;
    },
    UpdateItem: async (update: Update) => {
      await turn();
      const id = keyOf(update.Key);
      const before = items.get(id);
      const { ExpressionAttributeNames: names } = update;
      const values = unmarshall(update.ExpressionAttributeValues);
      if (!meets(before, update.ConditionExpression, { names, values })) {
        throw new ddb.ConditionalCheckFailedException({
          $metadata: {},
          message: "The conditional request failed",
          Item: before && update.ReturnValuesOnConditionCheckFailure ? itemOf(before) : undefined,
        });
      }
      const now = updated({ ...before, ...unmarshall(update.Key) }, update);
      write(id, now);
      interrupt();
      return { Attributes: itemOf(now) };
    },
    DeleteItem: async ({ Key }: { Key: Item }) => {
      await turn();
      write(keyOf(Key), undefined);
      interrupt();
      return {};
    },
  };
  return {
    client: client as unknown as TableClient,
    stream,
    items: () => [...items.values()],
    put: (item: object) => write(keyOf(itemOf({ ...item })), { ...item }),
  };
}
