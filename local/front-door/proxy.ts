import * as http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Arrival } from "./arrival";
import { awsError } from "./aws-error";
import { BodyCutOff } from "./body";
import { Callers } from "./caller";
import { Chain } from "./chain";
import { type Accepted, Emulator } from "./emulator";
import type { Interceptor, Reply } from "./interceptor";
import { isOwnAddress } from "./own-address";
import { problemReply } from "./reply";

/** Everything listens here only: the emulator's own addresses ask for no credentials. */
const LOOPBACK = "127.0.0.1";

/** What web servers write when the client leaves before its answer. */
const CLIENT_LEFT = 499;

const SERVER_OPTIONS: http.ServerOptions = {
  /** As the emulator reads repeated headers: a second one must not carry what the first one hides. */
  joinDuplicateHeaders: true,
  keepAliveTimeout: 75_000,
  maxHeaderSize: 64 * 1024,
  /** An upload may take as long as it takes. */
  requestTimeout: 0,
};

/** The wanted port is taken. */
export class PortInUse extends Error {
  override readonly name = "PortInUse";

  constructor(port: number) {
    super(`Port ${port} of ${LOOPBACK} is in use. Stop what listens there or choose another with --port.`);
  }
}

export interface FrontDoorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** From the outside inwards. */
  readonly interceptors: readonly Interceptor[];
  /** Whose access key is whose. @default nobody's but the deployer's is known */
  readonly callers?: Callers;
}

/**
 * The one way to the emulator: passes every request on unchanged, as its signature demands, and shows it to
 * interceptors. Nothing here knows what they do.
 */
export class FrontDoor {
  /** Such as `http://127.0.0.1:4566`. */
  readonly address: string;
  readonly #emulator = new Emulator();
  readonly #sockets = new Set<Duplex>();

  /** @throws PortInUse */
  static async start({ port = 0, interceptors, callers }: FrontDoorOptions): Promise<FrontDoor> {
    const server = http.createServer(SERVER_OPTIONS);
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(error.code === "EADDRINUSE" ? new PortInUse(port) : error);
      });
      server.listen(port, LOOPBACK, resolve);
    });
    return new FrontDoor(server, new Chain(interceptors), callers ?? new Callers());
  }

  private constructor(
    private readonly server: http.Server,
    private readonly chain: Chain,
    private readonly callers: Callers,
  ) {
    this.address = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      this.#serve(new Arrival(request), response).catch(abandon(response));
    });
    server.on("checkContinue", (request, response) => {
      let told = false;
      const proceed = () => {
        if (!told && !response.headersSent) {
          told = true;
          response.writeContinue();
        }
      };
      this.#serve(new Arrival(request, { proceed }), response).catch(abandon(response));
    });
    server.on("upgrade", (request, socket, beginning) => {
      this.#upgrade(request, socket, beginning).catch(abandon(socket));
    });
  }

  /** Until then every call is answered with a 503. */
  connect(emulatorAddress: string, token?: string): void {
    this.#emulator.connect(emulatorAddress, token);
  }

  /** Closes the port and every connection, calls under way included. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    this.#emulator.stop();
    await closed;
    await this.chain.stop();
  }

  async #serve(arrival: Arrival, response: http.ServerResponse): Promise<void> {
    let reply: Reply | undefined;
    response.on("error", () => {});
    response.on("close", () => {
      const aborted = !response.writableFinished;
      if (aborted) {
        arrival.leave();
      }
      const { durationMs } = arrival;
      const sentBytes = reply?.body.sentBytes ?? 0;
      this.chain.done(arrival, { status: reply?.status ?? CLIENT_LEFT, durationMs, sentBytes, aborted });
    });
    const answer = await this.#answer(arrival, () => this.#emulator.send(arrival));
    if (answer && !arrival.signal.aborted) {
      reply = answer;
      send(response, reply);
    } else {
      answer?.body.discard();
    }
  }

  /** Undefined when the client left before its request was complete. */
  async #answer(arrival: Arrival, emulator: () => Promise<Reply>): Promise<Reply | undefined> {
    try {
      await arrival.recognise(this.callers);
      return await this.chain.answer(
        arrival,
        isOwnAddress(arrival) ? async () => noSuchAddress(arrival) : emulator,
      );
    } catch (error) {
      return error instanceof BodyCutOff
        ? undefined
        : awsError(arrival, 500, "InternalFailure", `The front door failed: ${String(error)}`);
    }
  }

  async #upgrade(request: http.IncomingMessage, client: Duplex, beginning: Buffer): Promise<void> {
    const arrival = new Arrival(request, { upgrade: true });
    this.#track(client, () => arrival.leave());
    let accepted: Accepted | undefined;
    const reply = await this.#answer(arrival, async () => {
      accepted = await this.#emulator.upgrade(arrival);
      return accepted.reply;
    });
    const emulator = accepted?.socket;
    const { aborted } = arrival.signal;
    if (reply && emulator && reply === accepted?.reply && !aborted) {
      this.#track(emulator, () => client.destroy());
      this.#track(client, () => emulator.destroy());
      client.write(handshake(reply));
      client.write(accepted.beginning);
      emulator.write(beginning);
      client.pipe(emulator).pipe(client);
      this.chain.opened(arrival, { client, emulator });
    } else {
      emulator?.destroy();
      refuse(request, client, reply);
    }
    const { durationMs } = arrival;
    const sentBytes = reply?.body.sentBytes ?? 0;
    this.chain.done(arrival, { status: reply?.status ?? CLIENT_LEFT, durationMs, sentBytes, aborted });
  }

  /** A socket that left HTTP, which the server knows no longer. */
  #track(socket: Duplex, whenClosed: () => void): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      whenClosed();
    });
  }
}

/** An answer that cannot be sent, such as one with an impossible status, ends its connection, not the program. */
function abandon(connection: http.ServerResponse | Duplex): (error: unknown) => void {
  return (error) => {
    connection.destroy();
    process.emitWarning(`The front door could not send an answer: ${String(error)}`);
  };
}

function noSuchAddress({ path }: Arrival): Reply {
  return problemReply(404, "Not Found", `The front door has no address ${path}.`);
}

function send(response: http.ServerResponse, { status, statusText, headers, body }: Reply): void {
  response.writeHead(status, statusText, [...headers]);
  body.sendTo(response);
  setImmediate(() => {
    if (!response.writableEnded && response.writable && body.sentBytes === 0) {
      response.flushHeaders();
    }
  });
}

function handshake({ status, statusText = "Switching Protocols", headers }: Reply): string {
  let text = `HTTP/1.1 ${status} ${statusText}\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    text += `${headers[i]}: ${headers[i + 1]}\r\n`;
  }
  return `${text}\r\n`;
}

/** Answers a handshake like any request, then closes. */
function refuse(request: http.IncomingMessage, client: Duplex, reply: Reply | undefined): void {
  if (!reply || client.destroyed) {
    client.destroy();
    return;
  }
  const response = new http.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.on("finish", () => client.end());
  send(response, reply);
}
