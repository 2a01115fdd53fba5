import * as valkey from "iovalkey";
import { connectToken } from "./token";
import { within } from "./within";

/** Where a cache is, and how long to wait for it. */
export interface Server {
  readonly address: string;
  readonly port: string;
  readonly cacheName: string;
  readonly userId: string;
  readonly connectTimeoutMs: string;
  readonly commandTimeoutMs: string;
}

interface Connection {
  readonly client: valkey.Redis;
  usedAt: number;
}
type Command<Reply> = (client: valkey.Redis) => Promise<Reply>;

/** For each container, by the cache's name. */
const connections: Record<string, Promise<Connection> | undefined> = {};

/** A function's network forgets a connection that was quiet for 350 s, and tells neither side. */
const longestQuietMs = 300_000;

/** The key holds something, but no text. */
export const isWrongType = (error: unknown) => (error as Error).message.startsWith("WRONGTYPE");

/**
 * Sends a command and answers the reply, until the deadline (milliseconds since 1970). A connection that turns out to
 * be dead, as after a container has slept, is replaced once.
 */
export async function send<Reply>(server: Server, deadline: number, command: Command<Reply>): Promise<Reply> {
  const kept = connections[server.cacheName];
  if (kept) {
    try {
      return await use(server, kept, deadline, command);
    } catch (error) {
      if (isWrongType(error) || Date.now() >= deadline) {
        throw error;
      }
    }
  }
  connections[server.cacheName] ??= connect(server);
  return use(server, connections[server.cacheName] as Promise<Connection>, deadline, command);
}

/** Sends a command if there is a connection, and waits for nothing. */
export function post(server: Server, command: Command<unknown>): void {
  connections[server.cacheName]
    ?.then(({ client }) => command(client))
    .catch(({ message }: Error) =>
      console.warn("the cache did not take a command", { cache: server.cacheName, reason: message }),
    );
}

async function use<Reply>(
  server: Server,
  pending: Promise<Connection>,
  deadline: number,
  command: Command<Reply>,
): Promise<Reply> {
  const atMost = (milliseconds: string) => Math.max(1, Math.min(Number(milliseconds), deadline - Date.now()));
  try {
    const connection = await within(atMost(server.connectTimeoutMs), "to connect", pending);
    if (Date.now() - connection.usedAt > longestQuietMs) {
      throw new Error("the connection was quiet for too long");
    }
    const reply = await within(atMost(server.commandTimeoutMs), "a reply", command(connection.client));
    connection.usedAt = Date.now();
    return reply;
  } catch (error) {
    if (!isWrongType(error)) {
      drop(server, pending);
    }
    throw error;
  }
}

function drop({ cacheName }: Server, pending: Promise<Connection>): void {
  if (connections[cacheName] === pending) {
    delete connections[cacheName];
  }
  pending.then(
    ({ client }) => client.disconnect(),
    () => {},
  );
}

/** Connects with a token of its own: an old one may have expired. */
async function connect(server: Server): Promise<Connection> {
  const { address, port, cacheName, userId } = server;
  const client = new valkey.Redis({
    host: address,
    port: Number(port),
    tls: {},
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    disconnectTimeout: 100,
  });
  let cause: Error | undefined;
  client.on("error", (error: Error) => {
    cause = error;
  });
  client.once("connect", () => endAtNonsense(client.stream));
  const token = await connectToken(cacheName, userId);
  const authenticated = async () => {
    await client.connect();
    await client.auth(userId, token);
  };
  try {
    await within(Number(server.connectTimeoutMs), "to connect", authenticated());
    return { client, usedAt: Date.now() };
  } catch (error) {
    client.disconnect();
    throw cause ?? error;
  }
}

/** The library throws at a reply that nobody asked for, where nobody could catch it. */
function endAtNonsense(stream: valkey.Redis["stream"]): void {
  const [read] = stream.listeners("data") as ((chunk: Buffer) => void)[];
  if (read) {
    stream.off("data", read).on("data", (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        stream.destroy(error as Error);
      }
    });
  }
}
