import { awsError } from "../front-door/aws-error";
import { withoutHeaders } from "../front-door/headers";
import type { Exchange, Reply } from "../front-door/interceptor";

/** Headers that belong to the content an answer loses. */
const CONTENT_HEADERS = new Set(["content-type", "content-length", "content-encoding"]);

/** An error of AWS's, by its code. */
export interface AwsFailure {
  readonly code: string;
  readonly message: string;
}

/** The error, a 400, in an answer's place. It keeps the other headers: those of CORS let a page read it. */
export function errorInstead(exchange: Exchange, answer: Reply, { code, message }: AwsFailure): Reply {
  const error = awsError(exchange, 400, code, message);
  return { ...error, headers: [...error.headers, ...withoutHeaders(answer.headers, CONTENT_HEADERS)] };
}
