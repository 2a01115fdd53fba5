import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import * as tls from "node:tls";
import type { Certificate } from "./certificate";
import { Connection, type Mode, type Opened } from "./connection";
import type { Login } from "./handshake";
import type { Moded } from "./mode-address";

/** The address of loopback that clients connect to. */
const LOOPBACK = "127.0.0.1";

export interface ListenerOptions {
  readonly certificate: Certificate;
  /** When a connection ends, however busy it is. */
  readonly longestConnectionMs: number;
  /** What a client may log in to; undefined for a wrong password. */
  readonly open: (login: Login) => Promise<Opened | undefined>;
}

/** Takes the connections of clients, by TLS only, at one port for as long as it lives. */
export class Listener implements Moded {
  readonly #connections = new Map<tls.TLSSocket, Connection>();
  /** Those that have not got through TLS included. */
  readonly #sockets = new Set<Socket>();
  #mode: Mode = "up";

  private constructor(
    private readonly server: tls.Server,
    readonly port: number,
  ) {}

  static async start({ certificate, longestConnectionMs, open }: ListenerOptions): Promise<Listener> {
    const { key, cert } = certificate;
    const server = tls.createServer({ key, cert }).listen(0, LOOPBACK);
    await once(server, "listening");
    const listener = new Listener(server, (server.address() as AddressInfo).port);
    server.on("connection", (socket: Socket) => {
      listener.#sockets.add(socket);
      socket.on("close", () => listener.#sockets.delete(socket));
    });
    server.on("secureConnection", (socket: tls.TLSSocket) => {
      const end = setTimeout(() => socket.destroy(), longestConnectionMs).unref();
      listener.#connections.set(socket, new Connection(socket, listener.#mode, open));
      socket.on("close", () => {
        clearTimeout(end);
        listener.#connections.delete(socket);
      });
    });
    return listener;
  }

  get mode(): Mode {
    return this.#mode;
  }

  async setMode(mode: Mode): Promise<void> {
    this.#mode = mode;
    for (const connection of this.#connections.values()) {
      connection.mode = mode;
    }
    if (mode === "down" && this.server.listening) {
      await this.#close();
    } else if (mode !== "down" && !this.server.listening) {
      this.server.listen(this.port, LOOPBACK);
      await once(this.server, "listening");
    }
  }

  async stop(): Promise<void> {
    await this.setMode("down");
  }

  async #close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }
}
