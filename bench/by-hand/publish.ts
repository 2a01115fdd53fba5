// The Lambda that handlers/photos/publish.ts becomes, as one would write it without Pulumi: same work, same packages.
import { createHash, randomUUID } from "node:crypto";
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import * as z from "zod";

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;

const maximumBodyBytes = 65_536;
const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
};

const text = (maximum: number) => z.string().trim().max(maximum);
const newPhoto = z.strictObject({
  title: text(120).min(1),
  description: text(2000).default(""),
  tags: z
    .array(text(30).min(1).toLowerCase())
    .max(10)
    .refine((tags) => new Set(tags).size === tags.length, "tags must differ")
    .default([]),
});
type NewPhoto = z.infer<typeof newPhoto>;

class Problem extends Error {
  constructor(
    readonly status: keyof typeof titles,
    readonly detail: string,
    readonly errors?: readonly { readonly at: string; readonly message: string }[],
  ) {
    super(detail);
  }
}

// Made at the first request, as the bound client's is, so that the times to import compare.
let client: DynamoDBClient | undefined;

export async function handler(event: Event): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    return await publish(event);
  } catch (error) {
    if (!(error instanceof Problem)) {
      throw error;
    }
    const { status, detail, errors } = error;
    return {
      statusCode: status,
      headers: { "content-type": "application/problem+json" },
      body: JSON.stringify({ type: "about:blank", title: titles[status], status, detail, errors }),
    };
  }
}

async function publish(event: Event): Promise<APIGatewayProxyStructuredResultV2> {
  const user = userOf(event);
  const body = bodyOf(event);
  const now = new Date().toISOString();
  const key = event.headers["idempotency-key"];
  const photo = {
    id: key === undefined ? randomUUID() : idFor(user, key),
    owner: user,
    ...body,
    version: 1,
    publishedAt: now,
    changedAt: now,
  };
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([body.title, body.description, body.tags]))
    .digest("base64url");
  client ??= new DynamoDBClient({});
  try {
    await client.send(
      new PutItemCommand({
        TableName: process.env.PHOTOS_TABLE_NAME,
        Item: marshall({ ...photo, fingerprint, gallery: "photos" }),
        ConditionExpression: "attribute_not_exists(id)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return created(photo.id, photo);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException && error.Item)) {
      throw error;
    }
    return repeated(error.Item, fingerprint);
  }
}

function repeated(item: Record<string, AttributeValue>, wanted: string): APIGatewayProxyStructuredResultV2 {
  const { fingerprint, gallery: _, ...photo } = unmarshall(item);
  if (fingerprint !== wanted) {
    throw new Problem(409, "The idempotency key was used before to publish another photo.");
  }
  return created(photo.id, photo);
}

function created(id: string, photo: object): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: 201,
    headers: { "content-type": "application/json", location: `photos/${id}` },
    body: JSON.stringify(photo),
  };
}

function userOf({ requestContext }: Event): string {
  const { sub, token_use: use } = requestContext.authorizer?.jwt?.claims ?? {};
  if (typeof sub !== "string" || use !== "access") {
    throw new Problem(401, "An access token is needed; an id token does not give access.");
  }
  return sub;
}

function bodyOf({ headers, body, isBase64Encoded }: Event): NewPhoto {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new Problem(415, `The body must be application/json, not ${type || "untyped"}.`);
  }
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > maximumBodyBytes) {
    throw new Problem(413, `The body has ${bytes.length} bytes; at most ${maximumBodyBytes} are taken.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Problem(400, "The body is not valid JSON in UTF-8.");
  }
  const result = newPhoto.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const errors = result.error.issues.map(({ path, message }) => ({
    at: ["", ...path.map(String)].join("/"),
    message,
  }));
  const list = errors.map(({ at, message }) => `${at}: ${message}`).join("; ");
  throw new Problem(400, `The request is not valid: ${list}`, errors);
}

/** The id that the user's idempotency key stands for, as a UUID of version 8. */
function idFor(user: string, key: string): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([user, key]))
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
