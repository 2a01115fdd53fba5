import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a web page asks, of whatever origin. Browsers say so in `Origin` or, where that is not sent, in
 * `Sec-Fetch-Site`, `none` being what a person typed; a browser that knows neither is known by its name.
 */
export function isFromPage(headers: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  return (
    headers.origin !== undefined ||
    (site === undefined ? /^Mozilla\//.test(headers["user-agent"] ?? "") : site !== "none")
  );
}

/** Whether a page of another origin asks, one of the same site included. */
export function isForeign({ origin, host, ...headers }: IncomingHttpHeaders): boolean {
  const site = headers["sec-fetch-site"];
  const isOwn = origin === undefined || origin === `http://${host}`;
  return !isOwn || site === "cross-site" || site === "same-site";
}
