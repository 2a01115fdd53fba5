import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as net from "node:net";

/** A server in the emulator's place. */
export interface FakeEmulator {
  readonly address: string;
  readonly server: http.Server;
  stop(): Promise<void>;
}

export async function fakeEmulator(listener?: http.RequestListener): Promise<FakeEmulator> {
  const server = http.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, stop };
}

/** Sends a request as it stands, which must ask to close, and answers with all that comes back. */
export async function raw(address: string, text: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = net.connect(Number(port), hostname);
  socket.write(text, "latin1");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}
