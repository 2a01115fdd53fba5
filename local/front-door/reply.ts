import { Body } from "./body";
import type { Reply } from "./interceptor";

/** A whole answer from text or bytes. */
export function reply(
  status: number,
  contentType: string,
  content: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    status,
    headers: [
      "content-type",
      contentType,
      "content-length",
      String(Buffer.byteLength(content)),
      ...Object.entries(headers).flat(),
    ],
    body: new Body(content),
  };
}

export function jsonReply(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return reply(status, "application/json", JSON.stringify(value), headers);
}

/** An error of the front door's own addresses, as RFC 9457 shapes it. */
export function problemReply(
  status: number,
  title: string,
  detail: string,
  headers?: Readonly<Record<string, string>>,
): Reply {
  return reply(status, "application/problem+json", JSON.stringify({ title, status, detail }), headers);
}
