import type { Context } from "../../../components/closure/capture";
import type { HttpEvent, HttpResult } from "../../../components/http-api";

interface EventOptions {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** `sub` of the caller; absent, nobody is signed in. */
  readonly user?: string;
  readonly tokenUse?: "access" | "id";
}

/** A request as API Gateway hands it to a function (payload format 2.0). */
export function httpEvent({
  path,
  query,
  headers,
  body,
  user,
  tokenUse = "access",
}: EventOptions = {}): HttpEvent {
  const event: Partial<HttpEvent> = {
    version: "2.0",
    pathParameters: path,
    queryStringParameters: query,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: {
      authorizer: { jwt: { claims: user ? { sub: user, token_use: tokenUse } : {}, scopes: [] } },
    } as unknown as HttpEvent["requestContext"],
  };
  return event as HttpEvent;
}

/** Calls a route's handler as one container would. */
export async function call(
  handler: { factory: () => (event: HttpEvent, context: Context) => Promise<HttpResult> },
  options: EventOptions,
): Promise<{ status: number; type: string | undefined; body: Record<string, unknown> }> {
  const result = await handler.factory()(httpEvent(options), {} as Context);
  return {
    status: result.statusCode ?? 200,
    type: result.headers?.["content-type"]?.toString(),
    body: result.body ? JSON.parse(result.body) : {},
  };
}
