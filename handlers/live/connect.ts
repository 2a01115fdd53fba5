import { marshall } from "@aws-sdk/util-dynamodb";
import type { ConnectionsClient } from "../../components/sdk/connections";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { SocketEvent, SocketResult } from "../../components/socket-contract";
import { callerOf } from "./caller";
import { nowSeconds } from "./clock";
import { type Connection, connectionsReader, longestConnectionSeconds, mayBeConnecting } from "./connection";
import { unlessGone } from "./post";

/** Connections of one user at a time. */
export const maximumConnections = 10;

/**
 * Notes a user's connection, unless there are enough: then 429. It notes first and counts then, consistently, so that
 * of those who come at once each sees the others: together they may be refused too much, but never let in too many.
 * Before it refuses, it asks after the others and forgets those that left without `$disconnect`.
 */
export const connect = (connections: TableClient, socket: ConnectionsClient) => {
  const connectionsOf = connectionsReader(connections);
  const isPresent = async (connection: Connection): Promise<boolean> => {
    if (mayBeConnecting(connection)) {
      return true;
    }
    const { user, id } = connection;
    // One that cannot be asked after counts as present.
    const isThere = await unlessGone(socket.GetConnection({ ConnectionId: id })).catch(() => true);
    if (!isThere) {
      await connections.DeleteItem({ Key: marshall({ user, id }) });
    }
    return isThere;
  };
  return async (event: SocketEvent): Promise<SocketResult> => {
    const { user, id, tokenExpiresAt } = callerOf(event);
    const connectedAt = nowSeconds();
    const expiresAt = Math.min(tokenExpiresAt, connectedAt + longestConnectionSeconds);
    await connections.PutItem({ Item: marshall({ user, id, connectedAt, expiresAt } satisfies Connection) });
    const others = (await connectionsOf(user)).filter((connection) => connection.id !== id);
    if (others.length < maximumConnections) {
      return { statusCode: 200 };
    }
    const present = (await Promise.all(others.map(isPresent))).filter(Boolean);
    if (present.length < maximumConnections) {
      return { statusCode: 200 };
    }
    await connections.DeleteItem({ Key: marshall({ user, id }) });
    return { statusCode: 429 };
  };
};
