/**
 * A database that was paused comes up again, or has no connection left: nothing of the call has been done.
 * @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/CommonErrors.html
 */
const nothingDone = ["DatabaseResumingException", "DatabaseUnavailableException", "ServiceUnavailableError"];

/**
 * The password was renewed a moment ago, or another instance becomes the cluster's writer, as the text of an error tells. The statement may have had its effect
 * before its answer was lost.
 */
const failingOver =
  /communications? link failure|connection (?:refused|reset|attempt failed)|SQLState: (?:08|57P0[123]|28P01)/i;

const firstPauseMs = 250;
const longestPauseMs = 2000;

/** Thrown when a database could not be had in time; `endpoint` answers 503 with `Retry-After`. */
export interface DatabaseUnavailable extends Error {
  readonly name: "DatabaseUnavailable";
  readonly retryAfterSeconds: number;
}

/** Whether a call that failed so may do better later. */
export function isPassing(error: unknown): boolean {
  const { name, message } = error as Error;
  // Texts of others than the Data API, such as of a transaction's work, tell nothing of the database.
  return nothingDone.includes(name) || ("$fault" in (error as Error) && failingOver.test(message));
}

/**
 * Does the work again as long as the database is resuming or failing over, for so many seconds at most; throws
 * `DatabaseUnavailable` then. Pauses double from 250 ms to 2 s.
 */
export async function patiently<T>(seconds: number, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      if (Date.now() + pauseMs > deadline) {
        throw Object.assign(
          new Error(`The database did not come up within ${seconds} s: ${(error as Error).message}`, {
            cause: error,
          }),
          { name: "DatabaseUnavailable", retryAfterSeconds: 15 },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
