import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  503: "Service Unavailable",
};

/** What is wrong with one part of the input. */
export interface InputError {
  /** Where: a JSON pointer into the body, or `query/limit`, `path/id`, `header/idempotency-key`. */
  readonly at: string;
  readonly message: string;
}

/** Problem details for HTTP APIs, RFC 9457. */
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: keyof typeof titles;
  readonly detail: string;
  readonly errors?: readonly InputError[];
}

/** An error to throw: the caller gets it as `application/problem+json`. */
export function problem(
  status: Problem["status"],
  detail: string,
  errors?: readonly InputError[],
): Error & { readonly problem: Problem } {
  return Object.assign(new Error(detail), {
    problem: { type: "about:blank" as const, title: titles[status], status, detail, errors },
  });
}

/**
 * The response for an error made by `problem`, and 503 for what tells by `retryAfterSeconds` that it passes; any other is
 * thrown again, for Lambda to report.
 */
export function problemResponse(error: unknown): APIGatewayProxyStructuredResultV2 {
  if (error instanceof Error && "retryAfterSeconds" in error) {
    console.error("not available for now", { error });
    return response(problem(503, "It cannot be served for now; try again a little later.").problem, {
      "retry-after": String(error.retryAfterSeconds),
    });
  }
  if (error instanceof Error && "problem" in error) {
    return response(error.problem as Problem);
  }
  throw error;
}

function response(body: Problem, headers: Readonly<Record<string, string>> = {}) {
  return {
    statusCode: body.status,
    headers: { "content-type": "application/problem+json", ...headers },
    body: JSON.stringify(body),
  };
}
