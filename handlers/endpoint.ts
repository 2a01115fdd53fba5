import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type * as z from "zod";
import type { RouteContract } from "../components/route-contract";
import { type InputError, problem, problemResponse } from "./problem";

type Event = APIGatewayProxyEventV2WithJWTAuthorizer;

/** A request whose parts have passed the route's schemas. */
export interface Request<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The signed-in user's id (`sub`); empty on routes open to anyone. */
  readonly user: string;
}

export interface Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Largest body of a request, in bytes; photos themselves are not sent through the API. */
const maximumBodyBytes = 65_536;

/**
 * Makes the callback of a route: checks who calls and what is sent before `serve` sees it, and turns problems
 * into their responses. Schemas are made once per container.
 */
export function endpoint<Path, Query, Body>(
  contract: RouteContract<Path, Query, Body>,
  serve: (request: Request<Path, Query, Body>) => Promise<Response>,
) {
  return {
    factory: () => {
      const pathSchema = contract.pathParameters?.();
      const querySchema = contract.query?.();
      const bodySchema = contract.body?.();
      const headerSchemas = Object.entries(contract.headers ?? {}).map(
        ([name, { required, schema }]) => [name, required ? schema() : schema().optional()] as const,
      );
      return async (event: Event): Promise<APIGatewayProxyStructuredResultV2> => {
        try {
          const user = contract.access === "user" ? userOf(event) : "";
          for (const [name, schema] of headerSchemas) {
            check<string | undefined>(schema, `header/${name}`, event.headers[name]);
          }
          const { status, headers, body } = await serve({
            user,
            path: check(pathSchema, "path", event.pathParameters ?? {}),
            query: check(querySchema, "query", event.queryStringParameters ?? {}),
            body: bodySchema ? check(bodySchema, "", jsonBody(event)) : (undefined as Body),
            headers: event.headers,
          });
          return {
            statusCode: status,
            headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
            body: body === undefined ? undefined : JSON.stringify(body),
          };
        } catch (error) {
          return problemResponse(error);
        }
      };
    },
  };
}

/** The user of an access token, which the authorizer has verified; one without scopes lets id tokens pass as well. */
function userOf({ requestContext }: Event): string {
  const { sub, token_use: use } = requestContext.authorizer?.jwt?.claims ?? {};
  if (typeof sub !== "string" || use !== "access") {
    throw problem(401, "An access token is needed; an id token does not give access.");
  }
  return sub;
}

function jsonBody({ headers, body, isBase64Encoded }: Event): unknown {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw problem(415, `The body must be application/json, not ${type || "untyped"}.`);
  }
  const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > maximumBodyBytes) {
    throw problem(413, `The body has ${bytes.length} bytes; at most ${maximumBodyBytes} are taken.`);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw problem(400, "The body is not valid JSON in UTF-8.");
  }
}

function check<T>(schema: z.ZodType<T> | undefined, part: string, value: unknown): T {
  if (!schema) {
    return undefined as T;
  }
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const errors: InputError[] = result.error.issues.map(({ path, message }) => ({
    at: [part, ...path.map(String)].join("/"),
    message,
  }));
  throw problem(
    400,
    `The request is not valid: ${errors.map(({ at, message }) => `${at}: ${message}`).join("; ")}`,
    errors,
  );
}
