import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type * as z from "zod";

/** Stand-ins are for this machine alone. */
const LOOPBACK = "127.0.0.1";

/** More of them tell nobody more. */
const MOST_ERRORS = 20;

/** What a stand-in answers; the body goes out as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: object;
}

/** A request that is not served: answered as `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";

  /** @param errors what is wrong with which part of the body, a JSON pointer; never the part itself */
  constructor(
    readonly status: number,
    detail: string,
    readonly more: {
      readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
      readonly headers?: http.OutgoingHttpHeaders;
    } = {},
  ) {
    super(detail);
  }
}

export interface LoopbackServer {
  /** Such as `http://127.0.0.1:51234`; the port is any that is free. */
  readonly address: string;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Serves on loopback; a {@link Problem} is answered as such, anything else that is thrown as a 500. */
export async function listen(
  serve: (request: http.IncomingMessage) => Answer | Promise<Answer>,
): Promise<LoopbackServer> {
  const server = http.createServer(async (request, response) => {
    response.on("error", () => {});
    try {
      const { status, body } = await serve(request);
      if (body === undefined) {
        response.writeHead(status).end();
      } else {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      }
    } catch (error) {
      refuse(response, error instanceof Problem ? error : new Problem(500, "The stand-in failed."));
    }
    // What was not read of the body, so that the connection can be used again.
    request.on("error", () => {}).resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, resolve);
  });
  return {
    address: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(
  response: http.ServerResponse,
  { status, message, more: { errors, headers } }: Problem,
): void {
  const title = http.STATUS_CODES[status] ?? "Error";
  response.writeHead(status, { ...headers, "content-type": "application/problem+json" });
  response.end(JSON.stringify({ title, status, detail: message, errors }));
}

/** @throws Problem with 405 unless the method is one of those of the path. */
export function allowMethods({ method, url }: http.IncomingMessage, ...allowed: readonly string[]): void {
  if (!allowed.includes(method ?? "")) {
    const allow = allowed.join(", ");
    throw new Problem(405, `${url} takes ${allow}, not ${method}.`, { headers: { allow } });
  }
}

/** The body, checked. @throws Problem with 413 or 400, which repeats nothing of the body: it may be a secret. */
export async function readJson<S extends z.ZodType>(
  request: http.IncomingMessage,
  schema: S,
  limitBytes: number,
): Promise<z.infer<S>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > limitBytes) {
      throw new Problem(413, `The body is longer than ${limitBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new Problem(400, "The body is no JSON.");
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) {
    return data;
  }
  const errors = error.issues.slice(0, MOST_ERRORS).map(({ path, message }) => ({
    pointer: `#${path.map((part) => `/${String(part)}`).join("")}`,
    detail: message,
  }));
  const detail = errors.map((one) => `${one.pointer}: ${one.detail}`).join("; ");
  throw new Problem(400, `The body is not as it should be. ${detail}`, { errors });
}
