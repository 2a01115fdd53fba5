import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import type { Callback, Factory, Handler } from "../closure/capture";
import type { HttpEvent, HttpResult } from "../http-api";
import type { CacheKeys } from "./cache-keys";
import { originFor } from "./cors";

/** A request as a REST API tells a function of it. */
export type RestEvent = APIGatewayProxyEvent;
export type RestResult = APIGatewayProxyResult;

export interface ServeOptions {
  /** Of pages that may read the answers. */
  readonly origins: readonly string[];
  /** All that the handler gets to see of a request to a cached route: what it answers is served to others. */
  readonly cacheKeys?: CacheKeys;
}

/** Serves a REST API's requests by a handler for those of an HTTP API. */
export function servedAsHttp(
  handler: Handler<HttpEvent, HttpResult>,
  { origins, cacheKeys }: ServeOptions,
): Factory<RestEvent, RestResult> {
  return {
    factory: (): Callback<RestEvent, RestResult> => {
      const serve = typeof handler === "function" ? handler : handler.factory();
      return async (event, context) => {
        const request = httpEventOf(event);
        const {
          statusCode = 200,
          headers,
          body = "",
          isBase64Encoded,
        } = await serve(cacheKeys ? only(cacheKeys, request, event) : request, context);
        const origin = originFor(origins, request.headers.origin);
        return {
          statusCode,
          headers: { ...headers, ...(origin !== undefined && { "access-control-allow-origin": origin }) },
          body,
          isBase64Encoded,
        };
      };
    },
  };
}

/** The request as an HTTP API would tell of it: payload format 2.0 for 1.0. */
export function httpEventOf(event: RestEvent): HttpEvent {
  const { httpMethod: method, path, requestContext } = event;
  const query = event.multiValueQueryStringParameters ?? {};
  const pairs = Object.entries(query).flatMap(([name, values = []]) =>
    values.map((value) => [name, value] as [string, string]),
  );
  const headers = Object.entries(event.multiValueHeaders ?? {}).map(([name, values = []]) => [
    name.toLowerCase(),
    values.join(","),
  ]);
  const routeKey = `${method} ${event.resource}`;
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(pairs).toString(),
    headers: Object.fromEntries(headers),
    queryStringParameters: Object.fromEntries(
      Object.entries(query).map(([name, values = []]) => [name, values.join(",")]),
    ),
    pathParameters: event.pathParameters ?? {},
    requestContext: {
      accountId: requestContext.accountId,
      apiId: requestContext.apiId,
      domainName: requestContext.domainName ?? "",
      domainPrefix: requestContext.domainPrefix ?? "",
      http: {
        method,
        path,
        protocol: requestContext.protocol,
        sourceIp: requestContext.identity.sourceIp,
        userAgent: requestContext.identity.userAgent ?? "",
      },
      requestId: requestContext.requestId,
      routeKey,
      stage: requestContext.stage,
      time: requestContext.requestTime ?? "",
      timeEpoch: requestContext.requestTimeEpoch,
      authorizer: {},
    },
    body: event.body ?? undefined,
    isBase64Encoded: event.isBase64Encoded,
  };
}

/** Of what comes several times, only the value that API Gateway keeps the answer under. */
function only({ query, headers }: CacheKeys, event: HttpEvent, single: RestEvent): HttpEvent {
  const chosen = (keys: readonly string[], all: Readonly<Record<string, string | undefined>> = {}) =>
    Object.fromEntries(keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]])));
  const queryStringParameters: Record<string, string> = chosen(query, single.queryStringParameters ?? {});
  return {
    ...event,
    rawQueryString: new URLSearchParams(queryStringParameters).toString(),
    queryStringParameters,
    headers: chosen(
      headers,
      Object.fromEntries(
        Object.entries(single.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    ),
  };
}
