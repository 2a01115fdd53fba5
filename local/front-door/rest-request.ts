import { randomUUID } from "node:crypto";
import type { Exchange } from "./interceptor";
import type { RestMethod, RestStage } from "./rest-description";

/** A request to a method of a stage. */
export interface RestRequest {
  readonly stage: RestStage;
  readonly method: RestMethod | undefined;
  readonly exchange: Exchange;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** What API Gateway calls it: `$context.requestId`. */
  readonly requestId: string;
}

export function restRequest(
  exchange: Exchange,
  stage: RestStage,
  method: RestMethod | undefined,
  pathParameters: Readonly<Record<string, string>> = {},
): RestRequest {
  return { stage, method, exchange, pathParameters, requestId: randomUUID() };
}

/** Such as `application/json`, which is also what a request without a type has. */
export function mediaType({ headers }: Exchange): string {
  return (headers["content-type"] ?? "application/json").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Value of `method.request.querystring.days` and the like; undefined when the request has none. */
export function parameterOf(request: RestRequest, parameter: string): string | undefined {
  const [, place, name = ""] = /^method\.request\.(path|querystring|header)\.(.+)$/.exec(parameter) ?? [];
  switch (place) {
    case "path":
      return request.pathParameters[name];
    case "querystring":
      return request.exchange.query.getAll(name).at(-1);
    case "header": {
      const value = request.exchange.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.at(-1) : value;
    }
    default:
      return undefined;
  }
}

/**
 * Value of a mapping such as `method.request.header.Origin`, `context.requestId` or `'fixed'`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function mappedValue(request: RestRequest, source: string): string | undefined {
  if (/^'.*'$/s.test(source)) {
    return source.slice(1, -1);
  }
  if (source.startsWith("stageVariables.")) {
    return request.stage.variables[source.slice("stageVariables.".length)];
  }
  if (source.startsWith("context.")) {
    const value = source
      .split(".")
      .slice(1)
      .reduce<unknown>((at, name) => Object(at)[name], contextOf(request));
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  }
  return parameterOf(request, source);
}

/** `$context` of templates. */
export function contextOf({ stage, method, exchange, requestId }: RestRequest) {
  return {
    requestId,
    extendedRequestId: requestId,
    requestTimeEpoch: exchange.startedAt,
    requestTime: new Date(exchange.startedAt).toISOString(),
    apiId: stage.apiId,
    stage: stage.stage,
    httpMethod: exchange.method,
    path: exchange.path,
    protocol: "HTTP/1.1",
    resourcePath: method?.path ?? "",
    identity: { sourceIp: "127.0.0.1", userAgent: exchange.headers["user-agent"] ?? "" },
  };
}
