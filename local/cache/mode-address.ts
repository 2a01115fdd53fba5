import * as z from "zod";
import type { Exchange, Interceptor, Reply } from "../front-door/interceptor";
import { isOwnAddress } from "../front-door/own-address";
import { jsonReply, problemReply } from "../front-door/reply";
import type { Mode } from "./connection";

const CACHE_PATH = "/_gallery/cache";
const LONGEST_BODY_BYTES = 1024;

const modes = ["up", "down", "hang", "garbage"] as const satisfies readonly Mode[];
const setting = z.strictObject({ mode: z.enum(modes) });

/** What has a mode. */
export interface Moded {
  readonly mode: Mode;
  setMode(mode: Mode): Promise<void>;
}

/**
 * Lets all caches fail, read and set at `/_gallery/cache`: `GET`, and `PUT` of `{"mode": …}`, which takes effect before
 * it is answered.
 *
 * - `down`: nothing listens at the endpoint, and connections end.
 * - `hang`: connections are taken, TLS included, and nothing is answered on them, nor on those that are open.
 * - `garbage`: whatever a client sends is answered with bytes that are no RESP.
 * - `up`: as it should be. What was silent is answered now; connections that were sent garbage end.
 *
 * Faults of IAM authentication alone are injected as those of any call: `elasticache:Connect` at `/_gallery/faults`.
 */
export class ModeAddress implements Interceptor {
  readonly name = "cache-mode";

  constructor(private readonly caches: Moded) {}

  async before(exchange: Exchange): Promise<Reply | undefined> {
    const { method, path, body } = exchange;
    if (path !== CACHE_PATH || !isOwnAddress(exchange)) {
      return undefined;
    }
    if (method === "PUT") {
      const mode = modeIn((await body.whole(LONGEST_BODY_BYTES))?.toString());
      if (mode === undefined) {
        const detail = `The body must be {"mode": …} with one of ${modes.map((one) => `"${one}"`).join(", ")}.`;
        return problemReply(400, "Bad Request", detail);
      }
      await this.caches.setMode(mode);
    } else if (method !== "GET" && method !== "HEAD") {
      const detail = `The mode of caches is read or put, not ${method}.`;
      return problemReply(405, "Method Not Allowed", detail, { allow: "GET, HEAD, PUT" });
    }
    return jsonReply(200, { mode: this.caches.mode });
  }
}

function modeIn(text = ""): Mode | undefined {
  try {
    return setting.safeParse(JSON.parse(text)).data?.mode;
  } catch {
    return undefined;
  }
}
