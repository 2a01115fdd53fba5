import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import type { TableClient } from "../../../components/sdk/dynamodb";

type Item = Record<string, ddb.AttributeValue>;
type Attributes = Record<string, unknown>;
interface Expressions {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}
interface Update extends Expressions {
  readonly Key: Item;
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ReturnValuesOnConditionCheckFailure?: "ALL_OLD";
}
type Put = Omit<Update, "Key" | "UpdateExpression"> & { readonly Item: Item };
interface Page extends Expressions {
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
}

/** What may come between the calls of a table, and after one had its effect. */
export interface Disturbance {
  readonly turn?: () => Promise<unknown>;
  readonly interrupt?: () => unknown;
  /** Items of a batch that are not got to. */
  readonly unprocessed?: () => number;
}

const pageSize = 3;

/**
 * A table in memory with conditions, pages of three, batches and a stream. As in DynamoDB, a comparison with an absent
 * attribute does not hold, and an expression that names what is not given is refused.
 */
export function memoryTable(
  key: readonly string[],
  { turn = async () => {}, interrupt = () => {}, unprocessed = () => 0 }: Disturbance = {},
) {
  const items = new Map<string, Attributes>();
  const stream: DynamoDBRecord[] = [];
  const keyOf = (item: Item) => key.map((attribute) => item[attribute]?.S).join("/");
  const itemOf = (item: Attributes) => marshall(item, { removeUndefinedValues: true });

  const write = (id: string, now: Attributes | undefined) => {
    const before = items.get(id);
    if (JSON.stringify(before) === JSON.stringify(now)) {
      return;
    }
    type Image = NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"];
    stream.push({
      eventID: `change-${stream.length + 1}`,
      eventName: before ? (now ? "MODIFY" : "REMOVE") : "INSERT",
      dynamodb: {
        SequenceNumber: String(stream.length + 1),
        OldImage: before && (itemOf(before) as Image),
        NewImage: now && (itemOf(now) as Image),
      },
    });
    if (now) {
      items.set(id, now);
    } else {
      items.delete(id);
    }
  };
  const check = (id: string, input: Update | Put) => {
    const before = items.get(id);
    if (input.ConditionExpression && !meets(before, input.ConditionExpression, input)) {
      throw new ddb.ConditionalCheckFailedException({
        $metadata: {},
        message: "The conditional request failed",
        Item: before && input.ReturnValuesOnConditionCheckFailure ? itemOf(before) : undefined,
      });
    }
    return before;
  };
  const page = async (input: Page) => {
    await turn();
    const found = [...items.values()].filter((item) => meets(item, input.KeyConditionExpression, input));
    const sorted = found.sort((a, b) => (String(a.createdAt) < String(b.createdAt) ? -1 : 1));
    const all = input.ScanIndexForward === false ? sorted.reverse() : sorted;
    const { ExclusiveStartKey } = input;
    const start =
      ExclusiveStartKey === undefined
        ? 0
        : all.findIndex((item) => keyOf(itemOf(item)) === keyOf(ExclusiveStartKey)) + 1;
    const read = all.slice(start, start + (input.Limit ?? pageSize));
    const last = read.at(-1);
    return {
      Items: read.filter((item) => meets(item, input.FilterExpression, input)).map(itemOf),
      LastEvaluatedKey: last && start + read.length < all.length ? itemOf(last) : undefined,
    };
  };

  const client = {
    GetItem: async ({ Key }: { Key: Item }) => {
      await turn();
      const item = items.get(keyOf(Key));
      return { Item: item && itemOf(item) };
    },
    PutItem: async (input: Put) => {
      await turn();
      check(keyOf(input.Item), input);
      write(keyOf(input.Item), unmarshall(input.Item));
      interrupt();
      return {};
    },
    UpdateItem: async (input: Update) => {
      await turn();
      const before = check(keyOf(input.Key), input);
      const now = updated({ ...before, ...unmarshall(input.Key) }, input);
      write(keyOf(input.Key), now);
      interrupt();
      return { Attributes: itemOf(now) };
    },
    DeleteItem: async ({ Key }: { Key: Item }) => {
      await turn();
      write(keyOf(Key), undefined);
      interrupt();
      return {};
    },
    BatchWriteItem: async ({ RequestItems }: { RequestItems: ddb.WriteRequest[] }) => {
      await turn();
      if (RequestItems.length === 0 || RequestItems.length > 25) {
        throw new Error(`ValidationException: ${RequestItems.length} items`);
      }
      const done = RequestItems.length - Math.min(unprocessed(), RequestItems.length);
      for (const { PutRequest, DeleteRequest } of RequestItems.slice(0, done)) {
        write(
          keyOf(PutRequest?.Item ?? DeleteRequest?.Key ?? {}),
          PutRequest?.Item && unmarshall(PutRequest.Item),
        );
      }
      interrupt();
      const rest = RequestItems.slice(done);
      return { UnprocessedItems: rest.length > 0 ? { table: rest } : {} };
    },
    Query: page,
    Scan: page,
    indexes: { byUser: { Query: page }, byTime: { Query: page } },
  };
  return {
    client: client as unknown as TableClient<"byUser" | "byTime">,
    stream,
    items: () => [...items.values()],
    put: (item: object) => write(keyOf(itemOf({ ...item })), { ...item }),
  };
}

function meets(item: Attributes | undefined, expression: string | undefined, input: Expressions): boolean {
  if (expression === undefined) {
    return true;
  }
  const values = unmarshall(input.ExpressionAttributeValues ?? {});
  const at = (path: string) =>
    path.split(".").reduce<unknown>((value, name) => {
      const attribute = input.ExpressionAttributeNames?.[name];
      if (attribute === undefined) {
        throw new Error(`ValidationException: ${name} of ${expression} is not given`);
      }
      return (value as Attributes | undefined)?.[attribute];
    }, item);
  const given = (name: string) => {
    if (values[name] === undefined) {
      throw new Error(`ValidationException: ${name} of ${expression} is not given`);
    }
    return values[name];
  };
  const script = expression
    .replace(/attribute_exists\(([#\w.]+)\)/g, (_, path) => String(at(path) !== undefined))
    .replace(/attribute_not_exists\(([#\w.]+)\)/g, (_, path) => String(at(path) === undefined))
    .replace(/([#\w.]+) IN \(([^)]+)\)/g, (_, path, names) =>
      String(names.split(", ").map(given).includes(at(path))),
    )
    .replace(/([#\w.]+) ([=<]) (:\w+)/g, (_, path, operator, name) => {
      const [left, right] = [at(path), given(name)];
      return String(operator === "=" ? left === right : left !== undefined && (left as string) < right);
    })
    .replace(/\bAND\b/g, "&&")
    .replace(/\bOR\b/g, "||");
  if (!/^(true|false|&&|\|\||[() ])*$/.test(script)) {
    throw new Error(`the expression has more than is known here: ${expression}`);
  }
  return new Function(`return ${script};`)() === true;
}

function updated(
  item: Attributes,
  { UpdateExpression, ExpressionAttributeNames: names = {}, ExpressionAttributeValues }: Update,
): Attributes {
  const values = unmarshall(ExpressionAttributeValues ?? {});
  const [, sets = "", removes = ""] = /^(?:SET (.*?))?(?: ?REMOVE (.*))?$/.exec(UpdateExpression) ?? [];
  const changed = { ...item };
  const given = (name: string | undefined) => {
    if (name === undefined) {
      throw new Error(`ValidationException: ${UpdateExpression} names what is not given`);
    }
    return name;
  };
  for (const assignment of sets.split(", ").filter((text) => text !== "")) {
    const [name = "", value = ""] = assignment.split(" = ");
    changed[given(names[name])] = values[given(value in values ? value : undefined)];
  }
  for (const name of removes.split(", ").filter((text) => text !== "")) {
    delete changed[given(names[name])];
  }
  return changed;
}
