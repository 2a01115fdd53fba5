import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { TableClient } from "../../components/sdk/dynamodb";
import { nowSeconds } from "./clock";

/** An item of the table of connections, whose key is the user and the id. Times are in seconds since 1970. */
export interface Connection {
  readonly user: string;
  readonly id: string;
  readonly connectedAt: number;
  /** It gets no message after; the item goes some time later. */
  readonly expiresAt: number;
}

/**
 * API Gateway closes a connection after 2 hours, or 10 minutes without a message.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const longestConnectionSeconds = 7200;

/** Until the function of `$connect` has answered, for at most 29 s, API Gateway calls a connection gone. */
const longestHandshakeSeconds = 30;

/** Whether the connection may still be on its way, so that nothing follows from API Gateway not knowing it. */
export const mayBeConnecting = ({ connectedAt }: Connection): boolean =>
  nowSeconds() - connectedAt < longestHandshakeSeconds;

/**
 * Reads a user's connections, those that are only being made included. The read is consistent: who stores a state and
 * then reads the connections misses none that could have missed the state.
 */
export const connectionsReader =
  (connections: TableClient) =>
  async (user: string): Promise<Connection[]> => {
    const { Items = [] } = await connections.Query({
      KeyConditionExpression: "#user = :user",
      FilterExpression: "#expiresAt > :now",
      ExpressionAttributeNames: { "#user": "user", "#expiresAt": "expiresAt" },
      ExpressionAttributeValues: marshall({ ":user": user, ":now": nowSeconds() }),
      ConsistentRead: true,
    });
    return Items.map((item) => unmarshall(item) as Connection);
  };
