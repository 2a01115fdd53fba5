import * as ddb from "@aws-sdk/client-dynamodb";
import type { TableClient } from "../../../components/sdk/dynamodb";

type Item = Record<string, ddb.AttributeValue>;
type PhotoTable = TableClient<"byTime" | "byOwner">;

const conditionFailed = (Item?: Item) =>
  new ddb.ConditionalCheckFailedException({ $metadata: {}, message: "The conditional request failed", Item });

/** The photo table as the handlers see it: one item, and what the last call asked for. */
export function photoTable(stored?: Item) {
  const calls: Record<string, unknown>[] = [];
  let item = stored;
  const note = <T>(input: T): T => {
    calls.push(input as Record<string, unknown>);
    return input;
  };
  const client = {
    GetItem: async (input: unknown) => {
      note(input);
      return { Item: item };
    },
    PutItem: async (input: { Item: Item }) => {
      note(input);
      if (item) {
        throw conditionFailed(item);
      }
      item = input.Item;
      return {};
    },
    UpdateItem: async (input: { ExpressionAttributeValues: Item }) => {
      note(input);
      const values = input.ExpressionAttributeValues;
      if (!item || item.owner?.S !== values[":user"]?.S || item.version?.N !== values[":expected"]?.N) {
        throw conditionFailed(item);
      }
      const changed = Object.entries(values).filter(([name]) => name !== ":user" && name !== ":expected");
      item = { ...item, ...Object.fromEntries(changed.map(([name, value]) => [name.slice(1), value])) };
      return { Attributes: item };
    },
    DeleteItem: async (input: { ExpressionAttributeValues: Item }) => {
      note(input);
      if (!item || item.owner?.S !== input.ExpressionAttributeValues[":user"]?.S) {
        throw conditionFailed(item);
      }
      item = undefined;
      return {};
    },
  };
  return { client: client as unknown as PhotoTable, calls, item: () => item };
}
