import type { Reply } from "./interceptor";
import type { RecordedCall } from "./record";
import { type CallFilter, FILTERED } from "./record-filter";
import { jsonReply, problemReply } from "./reply";

const PARAMETERS: readonly string[] = [...FILTERED, "since", "limit"];

/**
 * Answers `GET /_gallery/calls?<property>=<pattern>&since=<id>&limit=<n>` with `{ "calls": […] }`; 400 with a problem
 * (RFC 9457) for what it does not understand.
 */
export function answerQuery(
  method: string,
  query: URLSearchParams,
  find: (filter: CallFilter) => readonly RecordedCall[],
): Reply {
  if (method !== "GET" && method !== "HEAD") {
    return problemReply(405, "Method Not Allowed", `Calls can be read only, not ${method}.`, {
      allow: "GET, HEAD",
    });
  }
  const wrong = wrongParameter(query);
  if (wrong) {
    return problemReply(400, "Bad Request", wrong);
  }
  const { limit, ...filter } = Object.fromEntries(query);
  return jsonReply(200, { calls: find(limit === undefined ? filter : { ...filter, limit: Number(limit) }) });
}

function wrongParameter(query: URLSearchParams): string | undefined {
  for (const name of query.keys()) {
    if (!PARAMETERS.includes(name)) {
      return `Unknown parameter "${name}". Known are ${PARAMETERS.join(", ")}.`;
    }
    if (query.getAll(name).length > 1) {
      return `Parameter "${name}" is given more than once.`;
    }
  }
  const limit = query.get("limit");
  return limit === null || /^[1-9]\d*$/.test(limit)
    ? undefined
    : `Parameter "limit" is "${limit}". It must be a whole number from 1.`;
}
