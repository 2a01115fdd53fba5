import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import * as ddb from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Context } from "../../../components/closure/capture";
import type { HttpEvent, HttpResult } from "../../../components/http-api";
import type { UserPoolClient } from "../../../components/sdk/cognito";
import type { TableClient } from "../../../components/sdk/dynamodb";
import type { ProfileItem } from "../../../handlers/users/profile";
import { meets } from "./condition";
import { httpEvent } from "./http-event";
import { keyedTable } from "./keyed-table";

type Item = Record<string, ddb.AttributeValue>;

export const ann: ProfileItem = {
  user: "ann",
  email: "ann@photos.example",
  name: "Ann",
  about: "",
  newsletter: true,
  phone: "+441632960000",
  version: 3,
  registeredAt: "2026-01-02T03:04:05.000Z",
};

/** The table of profiles: a keyed table that also takes new items and counts versions. */
export function profileTable(options?: Parameters<typeof keyedTable>[1]) {
  const table = keyedTable(["user"], options);
  const find = (user: unknown) => table.items().find((item) => item.user === user);
  const client = {
    ...table.client,
    PutItem: async (input: {
      Item: Item;
      ConditionExpression: string;
      ExpressionAttributeNames: Record<string, string>;
    }) => {
      const item = unmarshall(input.Item);
      const expression = { names: input.ExpressionAttributeNames, values: {} };
      if (!meets(find(item.user), input.ConditionExpression, expression)) {
        throw new ddb.ConditionalCheckFailedException({
          $metadata: {},
          message: "The conditional request failed",
        });
      }
      table.put(item);
      return {};
    },
    UpdateItem: async (update: Parameters<TableClient["UpdateItem"]>[0]) => {
      const { UpdateExpression = "", ExpressionAttributeNames: names = {} } = update;
      const values = unmarshall(update.ExpressionAttributeValues ?? {});
      const item = find(unmarshall(update.Key ?? {}).user);
      const counted = UpdateExpression.replace(
        /if_not_exists\((#\w+), (:\w+)\) \+ (:\w+)/,
        (_, name, initial, step) => {
          values[":counted"] = Number(item?.[names[name] ?? ""] ?? values[initial]) + values[step];
          return ":counted";
        },
      );
      return table.client.UpdateItem({
        ...update,
        UpdateExpression: counted,
        ExpressionAttributeValues: marshall(values),
      });
    },
  };
  return { ...table, client: client as unknown as TableClient };
}

/** The table of partners, whose scans have pages of two. */
export function partnerTable() {
  const items = new Map<string, Item>();
  const reads: unknown[] = [];
  const client = {
    PutItem: async ({ Item }: { Item: Item }) => {
      items.set(Item.id?.S ?? "", Item);
      return {};
    },
    GetItem: async (input: { Key: Item }) => {
      reads.push(input);
      return { Item: items.get(input.Key.id?.S ?? "") };
    },
    DeleteItem: async ({ Key }: { Key: Item }) => {
      items.delete(Key.id?.S ?? "");
      return {};
    },
    Scan: async ({ ExclusiveStartKey }: { ExclusiveStartKey?: Item }) => {
      const ids = [...items.keys()];
      const start = ExclusiveStartKey ? ids.indexOf(ExclusiveStartKey.id?.S ?? "") + 1 : 0;
      const page = ids.slice(start, start + 2);
      const last = page.at(-1);
      return {
        Items: page.map((id) => items.get(id)),
        LastEvaluatedKey: start + 2 < ids.length && last !== undefined ? { id: { S: last } } : undefined,
      };
    },
  };
  return {
    client: client as unknown as TableClient,
    items: () => [...items.values()].map((item) => unmarshall(item)),
    reads,
  };
}

/** A user pool that answers as it is told and notes what it is asked. */
export function userPool(answers: { [Method in keyof UserPoolClient]?: (input: object) => unknown } = {}) {
  const calls: (readonly [keyof UserPoolClient, object])[] = [];
  const method = (name: keyof UserPoolClient) => async (input: object) => {
    calls.push([name, input]);
    return answers[name]?.(input) ?? {};
  };
  const client = {
    ListUsers: method("ListUsers"),
    AdminDeleteUser: method("AdminDeleteUser"),
    RefreshTokens: method("RefreshTokens"),
  };
  return { client: client as unknown as UserPoolClient, calls };
}

const errors = {
  NotAuthorizedException: cognito.NotAuthorizedException,
  UserNotFoundException: cognito.UserNotFoundException,
  InvalidParameterException: cognito.InvalidParameterException,
  UserLambdaValidationException: cognito.UserLambdaValidationException,
  TooManyRequestsException: cognito.TooManyRequestsException,
};
export type CognitoError = keyof typeof errors;

/** Refuses a call as Cognito does. */
export const refusing = (name: CognitoError) => () => {
  throw new errors[name]({ $metadata: {}, message: name });
};

type Options = Parameters<typeof httpEvent>[0] & {
  /** As API Gateway writes the claim. */
  readonly groups?: unknown;
  /** What a Lambda authorizer has told. */
  readonly lambda?: Record<string, unknown>;
  readonly base64?: boolean;
};

/** A request of a member of groups, or of a partner. */
export function eventOf({ groups, lambda, base64, ...options }: Options): HttpEvent {
  const event = httpEvent(options);
  const { authorizer } = event.requestContext;
  const jwt = authorizer.jwt && { ...authorizer.jwt, claims: { ...authorizer.jwt.claims } };
  if (jwt && groups !== undefined) {
    Object.assign(jwt.claims, { "cognito:groups": groups });
  }
  return {
    ...event,
    ...(base64 ? { body: Buffer.from(event.body ?? "").toString("base64"), isBase64Encoded: true } : {}),
    requestContext: { ...event.requestContext, authorizer: lambda ? { lambda } : { jwt } },
  } as HttpEvent;
}

/** Calls a route's handler as one container would. */
export async function callAs(
  handler: { factory: () => (event: HttpEvent, context: Context) => Promise<HttpResult> },
  options: Options,
) {
  const { statusCode, headers, body } = await handler.factory()(eventOf(options), {} as Context);
  return { status: statusCode, headers, body: (body ? JSON.parse(body) : {}) as Record<string, unknown> };
}

/** A request of an administrator. */
export const asAdmin = (options: Options = {}): Options => ({ user: "root", groups: "[admins]", ...options });
