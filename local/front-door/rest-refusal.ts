import type { Reply } from "./interceptor";
import { reply } from "./reply";
import type { GatewayResponse } from "./rest-description";
import { contextOf, mappedValue, type RestRequest } from "./rest-request";

/**
 * Why API Gateway answers of itself, with its own status and message.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const refusals = {
  ACCESS_DENIED: [403, "Forbidden"],
  API_CONFIGURATION_ERROR: [500, "Internal server error"],
  BAD_REQUEST_BODY: [400, "Invalid request body"],
  BAD_REQUEST_PARAMETERS: [400, "Missing required request parameters"],
  INTEGRATION_FAILURE: [504, "Internal server error"],
  INVALID_API_KEY: [403, "Forbidden"],
  MISSING_AUTHENTICATION_TOKEN: [403, "Missing Authentication Token"],
  QUOTA_EXCEEDED: [429, "Limit Exceeded"],
  REQUEST_TOO_LARGE: [413, "Request Too Long"],
  THROTTLED: [429, "Too Many Requests"],
  UNSUPPORTED_MEDIA_TYPE: [415, "Unsupported Media Type"],
} as const;

export type Refusal = keyof typeof refusals;

const defaultTemplate = '{"message":$context.error.messageString}';

interface RefusalDetail {
  /** What is wrong with the input. */
  readonly validationError?: string;
  /** @default that of the type */
  readonly status?: number;
}

/** What API Gateway answers when it passes nothing on, as the API's gateway responses say. */
export function refuse(
  request: RestRequest,
  type: Refusal,
  { validationError = "", status }: RefusalDetail = {},
): Reply {
  const [ownStatus, message] = refusals[type];
  const { responses } = request.stage;
  const own = responses[type];
  const inherited: GatewayResponse | undefined =
    own ?? responses[ownStatus >= 500 ? "DEFAULT_5XX" : "DEFAULT_4XX"];
  const values: Record<string, unknown> = {
    ...contextOf(request),
    error: {
      message,
      messageString: JSON.stringify(message),
      responseType: type,
      validationErrorString: JSON.stringify(validationError).slice(1, -1),
    },
  };
  const text = (inherited?.template ?? defaultTemplate).replace(
    /\$(?:context\.([\w.]+\w)|\{context\.([\w.]+)\})/g,
    (_, bare?: string, braced?: string) => String(valueAt(values, bare ?? braced ?? "") ?? ""),
  );
  const headers = new Map([["content-type", "application/json"]]);
  for (const [target, source] of Object.entries(inherited?.parameters ?? {})) {
    const value = mappedValue(request, source);
    if (value !== undefined) {
      headers.set(target.replace("gatewayresponse.header.", "").toLowerCase(), value);
    }
  }
  const { "content-type": contentType = "", ...others } = Object.fromEntries(headers);
  return reply(Number(inherited?.statusCode ?? status ?? ownStatus), contentType, text, {
    "x-amzn-requestid": request.requestId,
    ...others,
  });
}

function valueAt(values: Readonly<Record<string, unknown>>, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => Object(at)[name], values);
}
