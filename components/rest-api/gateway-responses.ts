import * as aws from "@pulumi/aws";
import type { ApiParts } from "./api-parts";
import { problem, problemType } from "./problem-template";

interface GatewayResponse {
  readonly type: string;
  /** @default that of whatever it is about */
  readonly status?: number;
  readonly template: string;
  readonly retryAfterSeconds?: number;
}

/** What is wrong with the input, already escaped for a text in JSON. */
const whatIsWrong = "$context.error.validationErrorString";

/**
 * What API Gateway answers when it has passed nothing on.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const responses: readonly GatewayResponse[] = [
  {
    type: "BAD_REQUEST_BODY",
    status: 400,
    template: problem(400, "Bad Request", `The body is not valid: ${whatIsWrong}`),
  },
  {
    type: "BAD_REQUEST_PARAMETERS",
    status: 400,
    template: problem(400, "Bad Request", `The request is not valid: ${whatIsWrong}`),
  },
  {
    type: "INVALID_API_KEY",
    status: 403,
    template: problem(403, "Forbidden", "A key is needed, as x-api-key."),
  },
  // What API Gateway says of a path or method that there is not.
  {
    type: "MISSING_AUTHENTICATION_TOKEN",
    status: 404,
    template: problem(404, "Not Found", "There is nothing here."),
  },
  {
    type: "REQUEST_TOO_LARGE",
    status: 413,
    template: problem(413, "Content Too Large", "The body is larger than what is taken."),
  },
  {
    type: "UNSUPPORTED_MEDIA_TYPE",
    status: 415,
    template: problem(415, "Unsupported Media Type", "The body must be application/json."),
  },
  {
    type: "THROTTLED",
    status: 429,
    template: problem(429, "Too Many Requests", "Try again after a pause."),
    retryAfterSeconds: 1,
  },
  {
    type: "QUOTA_EXCEEDED",
    status: 429,
    template: problem(429, "Too Many Requests", "The key's quota is used up; try again in its next period."),
    retryAfterSeconds: 3600,
  },
  {
    type: "DEFAULT_4XX",
    template: '{"type":"about:blank","title":"Refused","detail":"The request was refused."}',
  },
  {
    type: "DEFAULT_5XX",
    template:
      '{"type":"about:blank","title":"Internal Server Error","detail":"The request failed through no fault of its own."}',
  },
];

/**
 * Makes API Gateway answer problems in the shape that functions answer theirs. They tell nothing of a caller, so pages
 * of every origin may read them where pages of several may call: a header of theirs cannot choose.
 */
export function createGatewayResponses(
  name: string,
  restApi: aws.apigateway.RestApi,
  origins: readonly string[],
  parts: ApiParts,
): void {
  const origin = origins.length > 1 ? "*" : origins[0];
  for (const { type, status, template, retryAfterSeconds } of responses) {
    parts.add(aws.apigateway.Response, `${name}-${type.toLowerCase().replaceAll("_", "-")}`, {
      restApiId: restApi.id,
      responseType: type,
      statusCode: status?.toString(),
      responseTemplates: { "application/json": template },
      responseParameters: {
        "gatewayresponse.header.Content-Type": `'${problemType}'`,
        ...(retryAfterSeconds && { "gatewayresponse.header.Retry-After": `'${retryAfterSeconds}'` }),
        ...(origin && { "gatewayresponse.header.Access-Control-Allow-Origin": `'${origin}'` }),
      },
    });
  }
}
