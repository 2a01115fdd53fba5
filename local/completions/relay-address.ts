import { randomUUID } from "node:crypto";
import type { Call } from "../front-door/call";
import type { Exchange, Interceptor, Outcome, Reply } from "../front-door/interceptor";
import { isOwnAddress } from "../front-door/own-address";
import { problemReply, reply } from "../front-door/reply";
import { RELAY_PATH, TARGET_HEADER, TOKEN_HEADER } from "./relay";

/** An EventBridge event is at most 1 MB. */
const LARGEST_EVENT_BYTES = 2 * 1024 * 1024;

/** What an event is to be delivered to, and the event as the target gets it; a schedule's is the completion's to make. */
export type Relayed = { readonly target: string; readonly event: string } | { readonly schedule: string };

/** Tells completions what passes the front door: calls, and what the emulator posts to the relay. */
export class RelayAddress implements Interceptor {
  readonly name = "relay-address";
  readonly token = randomUUID();
  onEvent: (relayed: Relayed) => void = () => {};
  onCall: (call: Call, status: number) => void = () => {};

  async before(exchange: Exchange): Promise<Reply | undefined> {
    if (exchange.path !== RELAY_PATH || !isOwnAddress(exchange)) {
      return undefined;
    }
    if (exchange.headers[TOKEN_HEADER] !== this.token) {
      return problemReply(403, "Forbidden", `Only the emulator posts to ${RELAY_PATH}.`);
    }
    const event = (await exchange.body.whole(LARGEST_EVENT_BYTES))?.toString();
    if (event === undefined) {
      return problemReply(413, "Content Too Large", `An event has at most ${LARGEST_EVENT_BYTES} bytes.`);
    }
    const target = exchange.headers[TARGET_HEADER];
    this.onEvent(typeof target === "string" ? { target, event } : JSON.parse(event));
    return reply(202, "text/plain", "");
  }

  done({ call }: Exchange, { status }: Outcome): void {
    this.onCall(call, status);
  }
}
