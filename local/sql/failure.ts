/** Why the Data API does not do what it is asked: an AWS error by its code, told to the caller. */
export class Failure extends Error {
  /** @param status of HTTP. @default 400 */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

/** What a request does wrong before it comes to the database. */
export const invalid = (message: string) => new Failure("ValidationException", message);

/** What PostgreSQL says of an error, as its protocol names the parts. */
interface DatabaseError extends Error {
  readonly severity: string;
  /** SQLSTATE. */
  readonly code: string;
  readonly hint?: string;
  readonly position?: string;
}

const isDatabaseError = (error: Error): error is DatabaseError => "severity" in error && "code" in error;

/** The parser's word on several statements in one, which no other error has. */
const multistatement = "cannot insert multiple commands into a prepared statement";

/** SQLSTATE of what took longer than `statement_timeout`. */
const queryCanceled = "57014";

/** What the driver or PostgreSQL has thrown, as the Data API for Aurora Serverless v2 tells of it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) {
    return error;
  }
  if (!(error instanceof Error)) {
    return new Failure("InternalServerErrorException", String(error), 500);
  }
  if (!isDatabaseError(error)) {
    return new Failure(
      "DatabaseUnavailableException",
      `The local cloud's database has failed: ${error.message}. What it says itself is in sql.log of the state folder.`,
      504,
    );
  }
  if (error.code === queryCanceled) {
    return new Failure("StatementTimeoutException", `Request timed out: ${error.message}`);
  }
  if (error.message === multistatement) {
    return invalid("Multistatements aren't supported.");
  }
  const parts = [
    `${error.severity}: ${error.message}`,
    error.hint && `Hint: ${error.hint}`,
    error.position && `Position: ${error.position}`,
    `SQLState: ${error.code}`,
  ];
  return new Failure("DatabaseErrorException", parts.filter(Boolean).join("; "));
}
