import * as http from "node:http";
import type { Duplex } from "node:stream";
import type { Arrival } from "./arrival";
import { awsError } from "./aws-error";
import { Body } from "./body";
import { DEPLOYER_HEADER } from "./guard";
import { withoutHeaders } from "./headers";
import type { Exchange, Reply } from "./interceptor";

/** Headers between two neighbours only; each side of the front door has its own. */
const HOP_HEADERS = new Set(["connection", "keep-alive", "proxy-connection"]);
/** Tells the emulator that a request has passed the front door. */
const DOOR_HEADER = "x-gallery-door";
/** What is between a client, the front door and the emulator only. */
const OWN_HEADERS = new Set([DEPLOYER_HEADER, DOOR_HEADER]);
const NOT_PASSED_ON = new Set([...HOP_HEADERS, ...OWN_HEADERS]);
const HOP_REPLY_HEADERS = new Set([...HOP_HEADERS, "transfer-encoding"]);

/** Methods of which Node would send a body in chunks when no header announces one. */
const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

/** The emulator closes an idle connection after 75 s: give it up well before, so that no call meets the close. */
const IDLE_MS = 30_000;

/** An accepted WebSocket at the emulator. */
export interface Accepted {
  readonly reply: Reply;
  /** Only when the emulator left HTTP. */
  readonly socket?: Duplex;
  /** Bytes that came along with the handshake. */
  readonly beginning: Buffer;
}

/** The other side of the front door. */
export class Emulator {
  readonly #agent = new http.Agent({ keepAlive: true, maxFreeSockets: 256, timeout: IDLE_MS });
  #address: URL | undefined;
  #token: string | undefined;

  /**
   * @param address such as `http://127.0.0.1:4567`.
   * @param token by which the emulator knows what comes through the front door.
   */
  connect(address: string, token?: string): void {
    this.#address = new URL(address);
    this.#token = token;
  }

  /** Passes a request on, unchanged, and answers with what comes back, or with a 503. */
  send(arrival: Arrival): Promise<Reply> {
    return new Promise((resolve) => {
      const request = this.#request(arrival, resolve);
      request?.on("response", (response) => resolve(replyOf(response)));
      request?.on("continue", arrival.proceed);
      if (request) {
        arrival.body.sendTo(request);
      }
    });
  }

  /** Passes a handshake on. */
  upgrade(arrival: Arrival): Promise<Accepted> {
    const beginning = Buffer.alloc(0);
    return new Promise((resolve) => {
      const request = this.#request(arrival, (reply) => resolve({ reply, beginning }));
      request?.on("response", (response) => resolve({ reply: replyOf(response), beginning }));
      request?.on("upgrade", (response, socket, beginning) => {
        resolve({ reply: { ...replyOf(response), headers: response.rawHeaders }, socket, beginning });
      });
      request?.end();
    });
  }

  stop(): void {
    this.#agent.destroy();
  }

  #request(arrival: Arrival, fail: (reply: Reply) => void): http.ClientRequest | undefined {
    const address = this.#address;
    if (!address) {
      fail(unavailable(arrival, "The emulator is still starting. Try again in a moment."));
      return undefined;
    }
    const { method, url, rawHeaders, upgrade, signal } = arrival;
    const headers = withoutHeaders(rawHeaders, upgrade ? OWN_HEADERS : NOT_PASSED_ON);
    if (this.#token !== undefined) {
      headers.push(DOOR_HEADER, this.#token);
    }
    if (METHODS_WITH_BODY.has(method) && !hasLength(arrival)) {
      headers.push("Content-Length", "0");
    }
    const { hostname, port } = address;
    const agent = upgrade ? false : this.#agent;
    const request = http.request({ agent, hostname, port, method, path: url, headers });
    request.on("error", (error: NodeJS.ErrnoException) => {
      const cause = error.code ?? error.message;
      fail(
        unavailable(arrival, `The emulator at ${address.origin} does not answer (${cause}). Start it again.`),
      );
    });
    signal.addEventListener("abort", () => request.destroy());
    if (signal.aborted) {
      request.destroy();
    }
    return request;
  }
}

function hasLength({ headers }: Exchange): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

function replyOf(response: http.IncomingMessage): Reply {
  return {
    status: response.statusCode ?? 502,
    statusText: response.statusMessage,
    headers: withoutHeaders(response.rawHeaders, HOP_REPLY_HEADERS),
    body: new Body(response),
  };
}

function unavailable(exchange: Exchange, message: string): Reply {
  return awsError(exchange, 503, "ServiceUnavailable", message);
}
