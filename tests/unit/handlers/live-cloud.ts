import * as management from "@aws-sdk/client-apigatewaymanagementapi";
import * as ddb from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ConnectionsClient } from "../../../components/sdk/connections";
import type { TableClient } from "../../../components/sdk/dynamodb";
import type { SocketEvent } from "../../../components/socket-contract";
import type { ServerMessage } from "../../../handlers/live/messages";

type Item = Record<string, ddb.AttributeValue>;
interface Expression {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

/** Whether an item meets a condition or filter: comparisons, attribute_not_exists, AND, OR and parentheses. */
function meets(
  item: Item,
  expression: string,
  { ExpressionAttributeNames = {}, ...input }: Expression,
): boolean {
  const attributes = unmarshall(item);
  const values = unmarshall(input.ExpressionAttributeValues ?? {});
  const of = (name: string) =>
    JSON.stringify(attributes[ExpressionAttributeNames[name] ?? ""]) ?? "undefined";
  const script = expression
    .replace(/attribute_not_exists\((#\w+)\)/g, (_, name) => `(${of(name)} === undefined)`)
    .replace(/#\w+/g, of)
    .replace(/:\w+/g, (value) => JSON.stringify(values[value]))
    .replace(/ = /g, " === ")
    .replace(/\bAND\b/g, "&&")
    .replace(/\bOR\b/g, "||");
  return new Function(`return ${script};`)() === true;
}

/** A table whose key is the user and another attribute; each call takes a turn of the event loop. */
export function memoryTable(sort: "id" | "subject", log: string[] = []) {
  const items = new Map<string, Item>();
  const keyOf = (item: Item) => `${item.user?.S}/${item[sort]?.S}`;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const client = {
    PutItem: async (input: { Item: Item; ConditionExpression?: string } & Expression) => {
      await turn();
      const stored = items.get(keyOf(input.Item));
      if (input.ConditionExpression && !meets(stored ?? {}, input.ConditionExpression, input)) {
        throw new ddb.ConditionalCheckFailedException({ $metadata: {}, message: "condition", Item: stored });
      }
      log.push(`put ${keyOf(input.Item)}`);
      items.set(keyOf(input.Item), input.Item);
      return {};
    },
    DeleteItem: async ({ Key }: { Key: Item }) => {
      await turn();
      log.push(`delete ${keyOf(Key)}`);
      items.delete(keyOf(Key));
      return {};
    },
    // States in pages of three, of the order that items came in.
    Query: async (
      input: { FilterExpression: string; ConsistentRead?: boolean; ExclusiveStartKey?: Item } & Expression,
    ) => {
      await turn();
      expect(input.ConsistentRead).toBe(true);
      const user = input.ExpressionAttributeValues?.[":user"]?.S;
      const all = [...items.values()].filter((item) => item.user?.S === user);
      const start = Number(input.ExclusiveStartKey?.next?.N ?? 0);
      const end = sort === "subject" ? start + 3 : all.length;
      return {
        Items: all.slice(start, end).filter((item) => meets(item, input.FilterExpression, input)),
        LastEvaluatedKey: end < all.length ? { next: { N: String(end) } } : undefined,
      };
    },
  };
  return {
    client: client as unknown as TableClient,
    items: () => [...items.values()].map((item) => unmarshall(item)),
    add: (item: Item) => items.set(keyOf(item), item),
  };
}

export type Behaviour = "gone" | "hangs" | "fails";

/** The clients of an API, each there unless it behaves otherwise. */
export function sockets(behaviours: Record<string, Behaviour> = {}, log: string[] = []) {
  const posts: { readonly id: string; readonly message: ServerMessage }[] = [];
  const closed: string[] = [];
  const asked: string[] = [];
  const reach = async (id = "") => {
    switch (behaviours[id]) {
      case "gone":
        throw new management.GoneException({ $metadata: {}, message: "gone" });
      case "hangs":
        return new Promise<never>(() => {});
      case "fails":
        throw new management.LimitExceededException({ $metadata: {}, message: "too much" });
      default:
        return { $metadata: {} };
    }
  };
  const client: ConnectionsClient = {
    PostToConnection: async ({ ConnectionId: id = "", Data }) => {
      log.push(`post ${id}`);
      const result = await reach(id);
      posts.push({ id, message: JSON.parse(new TextDecoder().decode(Data as Uint8Array)) });
      return result;
    },
    GetConnection: async ({ ConnectionId = "" }) => {
      asked.push(ConnectionId);
      return reach(ConnectionId);
    },
    DeleteConnection: async ({ ConnectionId = "" }) => {
      closed.push(ConnectionId);
      return reach(ConnectionId);
    },
  };
  return { client, posts, closed, asked, behaviours };
}

export const inOneHour = () => Math.floor(Date.now() / 1000) + 3600;

interface EventOptions {
  readonly user?: string;
  readonly id?: string;
  readonly tokenExpiresAt?: number;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** An event of a connection, as API Gateway hands it to a route's function. */
export function socketEvent({
  user = "ann",
  id = "c1",
  tokenExpiresAt = inOneHour(),
  body,
  isBase64Encoded = false,
}: EventOptions = {}): SocketEvent {
  return {
    requestContext: {
      connectionId: id,
      eventType: "MESSAGE",
      routeKey: "send",
      authorizer: { principalId: user, sub: user, expiresAt: String(tokenExpiresAt) },
    },
    body,
    isBase64Encoded,
  };
}
