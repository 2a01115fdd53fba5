/** Problem details (RFC 9457) as API Gateway answers them itself, of the same shape as those of functions. */
export const problemType = "application/problem+json";

/** A template of such an answer; `detail` may have variables of API Gateway's, already escaped. */
export function problem(status: number, title: string, detail: string): string {
  return `{"type":"about:blank","title":"${title}","status":${status},"detail":"${detail}"}`;
}
