import * as net from "node:net";
import * as tls from "node:tls";
import { localCertificate } from "../../../../local/cache/certificate";
import { CommandReader } from "../../../../local/cache/resp";

/** A server behind TLS. */
export interface TlsServer {
  readonly port: number;
  /** How many connections it has had. */
  readonly connections: number;
  /** The certificate of the authority that clients are to trust. */
  readonly authority: string;
  /** Makes the connections of this process trust it, until mocks are restored. */
  trust(): void;
  /** Ends all connections, as a server does that restarts. */
  disconnect(): Promise<void>;
  close(): Promise<void>;
}

export async function tlsServer(serve: (socket: tls.TLSSocket) => void): Promise<TlsServer> {
  const { key, cert, authority } = await localCertificate();
  const sockets = new Set<tls.TLSSocket>();
  let connections = 0;
  const server = tls.createServer({ key, cert }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const disconnect = async () => {
    const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  return {
    port: (server.address() as net.AddressInfo).port,
    get connections() {
      return connections;
    },
    authority,
    trust: () => {
      const connect = tls.connect;
      const trusting = (options: unknown) =>
        connect({ ...(options as tls.ConnectionOptions), ca: authority });
      jest.spyOn(tls, "connect").mockImplementation(trusting);
    },
    disconnect,
    close: async () => {
      await disconnect();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a server does with a command: a reply as bytes of RESP, to end the connection, or to say nothing. */
export type Behaviour = (command: readonly string[]) => string | "end" | undefined;

/** Serves commands by a behaviour. */
export const scripted = (behave: Behaviour) => (socket: tls.TLSSocket) => {
  const reader = new CommandReader();
  socket.on("data", (chunk) => {
    reader.push(chunk);
    for (let command = reader.next(); command; command = reader.next()) {
      const reply = behave(command);
      if (reply === "end") socket.destroy();
      else if (reply !== undefined) socket.write(reply);
    }
  });
};

/** Serves what another server does. */
export const forwarded = (path: string) => (socket: tls.TLSSocket) => {
  const server = net.connect(path);
  server.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  socket.on("close", () => server.destroy());
  socket.pipe(server).pipe(socket);
};
