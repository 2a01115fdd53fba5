import { marshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { SocketEvent, SocketResult } from "../../components/socket-contract";
import { callerOf } from "./caller";

/** Forgets a connection that was closed. */
export const disconnect =
  (connections: TableClient) =>
  async (event: SocketEvent): Promise<SocketResult> => {
    const { user, id } = callerOf(event);
    await connections.DeleteItem({ Key: marshall({ user, id }) });
    return { statusCode: 200 };
  };
