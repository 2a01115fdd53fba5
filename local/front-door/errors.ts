import { headerOf, type RawHeaders, withoutHeaders } from "./headers";
import type { Exchange, Interceptor, Reply } from "./interceptor";
import { jsonReply } from "./reply";

/** Request and response ("Quotas for configuring and running an HTTP API", payload size). */
const PAYLOAD_LIMIT_BYTES = 10 * 1024 * 1024;

/** Headers that belong to the content an answer loses. */
const CONTENT_HEADERS = new Set(["content-type", "content-length", "content-encoding"]);

type Json = Readonly<Record<string, unknown>>;

/** What an integration's failure looks like from the emulator, and what API Gateway says of it. */
interface Leak {
  readonly status: number;
  says(body: Json): boolean;
  /** Status of an HTTP API; a REST API keeps its own. */
  readonly httpApi: number;
  readonly restApi: number;
}

/**
 * "Handling Lambda errors with an API Gateway API" (AWS Lambda Developer Guide) for REST APIs; an HTTP API answers
 * 500 to any failed invocation ("Troubleshooting issues with HTTP API Lambda integrations").
 */
const LEAKS: readonly Leak[] = [
  { status: 502, says: isFunctionError, httpApi: 500, restApi: 502 },
  { status: 502, says: messageIs(/^Lambda function '.*' not found$/), httpApi: 500, restApi: 500 },
  { status: 502, says: messageIs(/^(<urlopen error|timed out)/), httpApi: 503, restApi: 504 },
  {
    status: 500,
    says: messageIs(/^(No integration configured|Unsupported integration type)/),
    httpApi: 500,
    restApi: 500,
  },
  {
    status: 429,
    says: (body) => body.__type === "TooManyRequestsException" && "Reason" in body,
    httpApi: 500,
    restApi: 500,
  },
  { status: 403, says: messageIs(/^CORS not configured$/), httpApi: 404, restApi: 403 },
];

const HTTP_API_MESSAGES: Readonly<Record<number, string>> = {
  404: "Not Found",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

const REST_API_MESSAGE = "Internal server error";

/**
 * Lets an API fail as API Gateway would: a client learns that the integration failed, never why, and that its
 * request is too large.
 */
export class HideErrors implements Interceptor {
  readonly name = "hide-errors";

  async before({ call, headers, body, upgrade }: Exchange): Promise<Reply | undefined> {
    if (!call.api || upgrade) {
      return undefined;
    }
    const announced = headers["content-length"];
    const fits =
      announced === undefined
        ? (await body.whole(PAYLOAD_LIMIT_BYTES)) !== undefined
        : Number(announced) <= PAYLOAD_LIMIT_BYTES;
    return fits ? undefined : jsonReply(413, { message: "Request Entity Too Large" });
  }

  async after({ call, upgrade }: Exchange, reply: Reply): Promise<Reply | undefined> {
    if (!call.api || upgrade) {
      return undefined;
    }
    const { headers } = reply;
    if (isCrash(reply)) {
      return withContent(jsonReply(500, { message: HTTP_API_MESSAGES[500] }), headers);
    }
    const leak = await leakOf(reply);
    if (!leak) {
      return undefined;
    }
    const isHttpApi = headerOf(headers, "apigw-requestid") !== undefined;
    const status = isHttpApi ? leak.httpApi : leak.restApi;
    const message = isHttpApi ? (HTTP_API_MESSAGES[status] ?? "") : REST_API_MESSAGE;
    return withContent(jsonReply(status, { message }), headers);
  }
}

/** The emulator fails itself on what API Gateway calls a malformed response, such as a status that is no number. */
function isCrash({ status, headers }: Reply): boolean {
  return status === 500 && headerOf(headers, "content-type") === undefined;
}

async function leakOf({ status, headers, body }: Reply): Promise<Leak | undefined> {
  const candidates = LEAKS.filter((leak) => leak.status === status);
  if (candidates.length === 0 || !headerOf(headers, "content-type")?.startsWith("application/json")) {
    return undefined;
  }
  const json = parse((await body.whole(PAYLOAD_LIMIT_BYTES))?.toString() ?? "");
  return json && candidates.find((leak) => leak.says(json));
}

/** What a Lambda runtime reports of a failed function; a REST API of the emulator wraps it in `message`. */
function isFunctionError(body: Json): boolean {
  const { errorMessage, errorType } = parse(body.message) ?? body;
  return typeof errorMessage === "string" && typeof errorType === "string";
}

function messageIs(pattern: RegExp): (body: Json) => boolean {
  return ({ message }) => typeof message === "string" && pattern.test(message);
}

function parse(text: unknown): Json | undefined {
  try {
    const value = typeof text === "string" ? JSON.parse(text) : undefined;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function withContent(content: Reply, headers: RawHeaders): Reply {
  return { ...content, headers: [...content.headers, ...withoutHeaders(headers, CONTENT_HEADERS)] };
}
