import type { ConnectionsClient } from "../../components/sdk/connections";
import type { TableClient } from "../../components/sdk/dynamodb";
import type { SocketEvent, SocketResult } from "../../components/socket-contract";
import { callerOf } from "./caller";
import { nowSeconds } from "./clock";
import { type ClientMessage, clientMessage, type ServerMessage } from "./messages";
import { poster } from "./post";
import { statesReader } from "./state";

const handled: SocketResult = { statusCode: 200 };

/** Largest message of a client; API Gateway itself takes 128 KB. */
export const maximumMessageBytes = 4096;

/**
 * Serves what a client sends, and answers it alone. A client whose token has expired is told so and its connection
 * closed, since API Gateway asks for a token only once.
 */
export const send = (states: TableClient, socket: ConnectionsClient) => {
  const post = poster(socket);
  const statesOf = statesReader(states);
  const answersTo = async ({ type }: ClientMessage, user: string): Promise<ServerMessage[]> => {
    if (type === "ping") {
      return [{ type: "pong" }];
    }
    const messages = await statesOf(user);
    return [...messages, { type: "resumed", count: messages.length }];
  };
  return {
    factory: () => {
      const schema = clientMessage();
      return async (event: SocketEvent): Promise<SocketResult> => {
        const { id, user, tokenExpiresAt } = callerOf(event);
        if (tokenExpiresAt <= nowSeconds()) {
          const detail = "The token has expired; connect again with a new one.";
          if (await post(id, { type: "error", detail })) {
            await socket.DeleteConnection({ ConnectionId: id });
          }
          return handled;
        }
        const { message, detail } = parse(schema, event);
        const answers: ServerMessage[] = message
          ? await answersTo(message, user)
          : [{ type: "error", detail }];
        for (const answer of answers) {
          // In order, and none after the client has left.
          if (!(await post(id, answer))) {
            break;
          }
        }
        return handled;
      };
    },
  };
};

/** The message of an event, or what is wrong with it. */
function parse(
  schema: ReturnType<typeof clientMessage>,
  { body = "", isBase64Encoded }: SocketEvent,
): { message: ClientMessage; detail?: undefined } | { message?: undefined; detail: string } {
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.length > maximumMessageBytes) {
    return { detail: `The message has ${bytes.length} bytes; at most ${maximumMessageBytes} are taken.` };
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch {
    return { detail: "The message is not valid JSON." };
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issues = result.error.issues.map(
      ({ path, message }) => `${path.join("/") || "message"}: ${message}`,
    );
    return { detail: `The message is not valid: ${issues.join("; ")}` };
  }
  return { message: result.data };
}
