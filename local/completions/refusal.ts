/** Why a service did not take a call. */
export interface Refusal {
  /** HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  /** AWS error code, such as `TooManyRequestsException`. */
  readonly code: string;
  readonly message: string;
}

/** What an SDK client has thrown, as a refusal. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) {
    return { status: undefined, code: "Unknown", message: String(error) };
  }
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { status: $metadata?.httpStatusCode, code: error.name, message: error.message };
}

/** Whether trying again may help: not where a right or the resource itself is missing. */
export function isRetryable({ status }: Refusal): boolean {
  return status === undefined || status === 429 || status >= 500;
}
