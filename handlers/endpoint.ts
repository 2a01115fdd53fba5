import type * as z from "zod";
import type { HttpEvent, HttpResult } from "../components/http-api";
import type { RouteContract } from "../components/route-contract";
import { type InputError, problem, problemResponse } from "./problem";

/** A request whose parts have passed the route's schemas. */
export interface Request<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body as it was sent, for what is signed. */
  readonly rawBody: string;
  /** The signed-in user's id (`sub`), or the partner's; empty on routes open to anyone, or to anyone with a key. */
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
      return async (event: HttpEvent): Promise<HttpResult> => {
        try {
          const user = callerOf(contract, event);
          for (const [name, schema] of headerSchemas) {
            check<string | undefined>(schema, `header/${name}`, event.headers[name]);
          }
          const { status, headers, body } = await serve({
            user,
            path: check(pathSchema, "path", event.pathParameters ?? {}),
            query: check(querySchema, "query", event.queryStringParameters ?? {}),
            body: bodySchema ? check(bodySchema, "", jsonBody(event)) : (undefined as Body),
            rawBody: bytesOf(event).toString(),
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

/** Who calls, by what the authorizer has verified. */
function callerOf({ access, group }: RouteContract, event: HttpEvent): string {
  switch (access) {
    case "user":
      return userOf(event, group);
    case "partner":
      return partnerOf(event);
    case "key":
    case "anyone":
      return "";
  }
}

/** The user of an access token; an authorizer without scopes lets id tokens pass as well. */
function userOf({ requestContext }: HttpEvent, group: string | undefined): string {
  const { sub, token_use: use, "cognito:groups": groups } = requestContext.authorizer?.jwt?.claims ?? {};
  if (typeof sub !== "string" || use !== "access") {
    throw problem(401, "An access token is needed; an id token does not give access.");
  }
  if (group !== undefined && !listOf(groups).includes(group)) {
    throw problem(403, `Only members of the group ${group} may do this.`);
  }
  return sub;
}

/** API Gateway writes a claim that is a list as text: `[admins editors]`. */
function listOf(claim: unknown): readonly string[] {
  return Array.isArray(claim) ? claim : `${claim ?? ""}`.replace(/^\[|\]$/g, "").split(/[\s,]+/);
}

function partnerOf({ requestContext }: HttpEvent): string {
  const { partner } = requestContext.authorizer?.lambda ?? {};
  if (typeof partner !== "string" || partner === "") {
    throw problem(401, "A partner's key is needed.");
  }
  return partner;
}

function bytesOf({ body, isBase64Encoded }: HttpEvent): Buffer {
  return Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
}

function jsonBody(event: HttpEvent): unknown {
  const { headers } = event;
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw problem(415, `The body must be application/json, not ${type || "untyped"}.`);
  }
  const bytes = bytesOf(event);
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
