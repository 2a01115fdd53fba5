import type { ConnectionsClient } from "../../components/sdk/connections";
import type { SocketEvent, SocketResult } from "../../components/socket-contract";
import { poster } from "./post";

/** Tells a client whose message leads to no route, such as one that is no JSON, what would. */
export const unknown = (socket: ConnectionsClient) => {
  const post = poster(socket);
  return async ({ requestContext: { connectionId } }: SocketEvent): Promise<SocketResult> => {
    const detail = 'A message is a JSON object with an "action"; the actions are: send.';
    await post(connectionId, { type: "error", detail });
    return { statusCode: 200 };
  };
};
