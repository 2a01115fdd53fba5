import { once } from "node:events";
import * as net from "node:net";

/** A port of the loopback interface that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string")
    throw new Error("The loopback interface gave no port.");
  return address.port;
}
