import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventBridgeEvent } from "aws-lambda";
import type { ConnectionsClient } from "../../components/sdk/connections";
import type { TableClient } from "../../components/sdk/dynamodb";
import { type Connection, connectionsReader, mayBeConnecting } from "./connection";
import { progressReader } from "./followed";
import type { ServerMessage } from "./messages";
import { poster } from "./post";
import { stateWriter } from "./state";

/**
 * Tells a user's clients how far something of theirs is: stores it first, for those not connected, then posts it to each
 * that is, at once and with a patience of its own. Fails, so that the event comes again, if any could not be reached;
 * forgets those that have left. Events that come twice or late change nothing and are not told backwards.
 */
export const push = (states: TableClient, connections: TableClient, socket: ConnectionsClient) => {
  const store = stateWriter(states);
  const connectionsOf = connectionsReader(connections);
  const post = poster(socket);
  const tell = async (connection: Connection, message: ServerMessage): Promise<void> => {
    const { user, id } = connection;
    if (!(await post(id, message)) && !mayBeConnecting(connection)) {
      await connections.DeleteItem({ Key: marshall({ user, id }) });
    }
  };
  return {
    factory: () => {
      const progressOf = progressReader();
      return async (event: EventBridgeEvent<string, unknown>): Promise<void> => {
        const progress = progressOf(event);
        const message = await store(progress);
        if (!message) {
          return;
        }
        const clients = await connectionsOf(progress.user);
        const results = await Promise.allSettled(clients.map((client) => tell(client, message)));
        const errors = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
        if (errors.length > 0) {
          throw new AggregateError(
            errors,
            `${errors.length} of ${clients.length} clients could not be told of ${progress.subject}: ${errors.join("; ")}`,
          );
        }
      };
    },
  };
};
