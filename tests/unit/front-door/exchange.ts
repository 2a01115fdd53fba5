import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { Body } from "../../../local/front-door/body";
import { type Call, recognise } from "../../../local/front-door/call";
import { Callers } from "../../../local/front-door/caller";
import type { Exchange, Reply } from "../../../local/front-door/interceptor";

export interface Request {
  readonly method?: string;
  /** Path and query. */
  readonly url?: string;
  readonly headers?: IncomingHttpHeaders;
  readonly body?: string | Buffer | Readable;
  readonly upgrade?: boolean;
}

/** The Authorization header of a request that an SDK signed. */
export function signed(service: string, accessKey = "test", region = "eu-west-1"): string {
  const scope = `${accessKey}/20260102/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=abc`;
}

let exchanges = 0;

/** A request as an interceptor sees it. */
export async function exchangeOf(request: Request, callers = new Callers()): Promise<Exchange> {
  const { method = "GET", url = "/", headers = {}, body = "", upgrade = false } = request;
  const [path = "/", query = ""] = url.split("?", 2);
  exchanges += 1;
  const head = { method, path, query: new URLSearchParams(query), headers, upgrade };
  const theBody = new Body(body);
  const call = await recognise(head, theBody, callers);
  return {
    ...head,
    id: String(exchanges).padStart(6, "0"),
    startedAt: Date.UTC(2026, 0, 2),
    body: theBody,
    signal: new AbortController().signal,
    call,
  };
}

/** What the front door recognises in a request. */
export async function callOf(request: Request, callers?: Callers): Promise<Call> {
  return (await exchangeOf(request, callers)).call;
}

/** A call of an AWS service with a JSON body. */
export function jsonCall(service: string, target: string, body: unknown, accessKey?: string): Request {
  return {
    method: "POST",
    headers: {
      authorization: signed(service, accessKey),
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target,
    },
    body: JSON.stringify(body),
  };
}

export async function textOf(reply: Reply | undefined): Promise<string> {
  return (await reply?.body.whole(1e9))?.toString() ?? "";
}
