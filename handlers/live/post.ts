import * as management from "@aws-sdk/client-apigatewaymanagementapi";
import type { ConnectionsClient } from "../../components/sdk/connections";
import type { ServerMessage } from "./messages";

/** How long a client may take to be sent a message, or API Gateway to tell of it. */
export const patienceMilliseconds = 2000;

/** Posts a message to a connection; answers whether the client was still there. */
export const poster =
  (socket: Pick<ConnectionsClient, "PostToConnection">) =>
  (id: string, message: ServerMessage): Promise<boolean> =>
    unlessGone(
      socket.PostToConnection({ ConnectionId: id, Data: new TextEncoder().encode(JSON.stringify(message)) }),
    );

/** Whether a call for a connection succeeded, or found it gone; throws for any other failure, one to answer included. */
export async function unlessGone(call: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`A connection took longer than ${patienceMilliseconds} ms to be reached.`)),
      patienceMilliseconds,
    );
  });
  try {
    await Promise.race([call, impatience]);
    return true;
  } catch (error) {
    if (error instanceof management.GoneException) {
      return false;
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
