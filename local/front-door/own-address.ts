import type { Exchange } from "./interceptor";

/** Whether a request is for the front door itself: `/_gallery/…`, unless that is a path of an API. */
export function isOwnAddress({ call, path }: Pick<Exchange, "call" | "path">): boolean {
  return call.kind === "other" && path.startsWith("/_gallery/");
}
