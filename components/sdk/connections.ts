import * as management from "@aws-sdk/client-apigatewaymanagementapi";
import { type Bound, service } from "./bind";

interface StageTarget {
  /** Where the stage's connections are managed: the address that clients connect to, over HTTP. */
  readonly Endpoint: string;
}

/**
 * Two attempts instead of three: the second is for a connection to AWS that was closed while the container slept,
 * and who posts to many clients cannot wait long for one.
 */
const { method } = service(
  ({ Endpoint }: StageTarget) =>
    new management.ApiGatewayManagementApiClient({ endpoint: Endpoint, maxAttempts: 2 }),
  ({ Endpoint }) => Endpoint,
);

/**
 * What a backend does with the connections of a WebSocket API's stage. Each throws a `GoneException` when the client
 * has left, and also before it has arrived: until the function of `$connect` has answered.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
export const connectionMethods = {
  PostToConnection: method(
    "execute-api:ManageConnections",
    (_: StageTarget, input: management.PostToConnectionCommandInput) =>
      new management.PostToConnectionCommand(input),
    "/POST/@connections/*",
  ),
  GetConnection: method(
    "execute-api:ManageConnections",
    (_: StageTarget, input: management.GetConnectionCommandInput) =>
      new management.GetConnectionCommand(input),
    "/GET/@connections/*",
  ),
  DeleteConnection: method(
    "execute-api:ManageConnections",
    (_: StageTarget, input: management.DeleteConnectionCommandInput) =>
      new management.DeleteConnectionCommand(input),
    "/DELETE/@connections/*",
  ),
};

/** The bound client of a WebSocket API's connections. */
export type ConnectionsClient = Bound<typeof connectionMethods>;
