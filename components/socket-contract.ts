import type {
  APIGatewayAuthorizerResult,
  APIGatewayEventWebsocketRequestContextV2,
  APIGatewayProxyWebsocketEventV2WithRequestContext,
  APIGatewayRequestAuthorizerEvent,
} from "aws-lambda";

/** A handshake, for the authorizer to judge. */
export type AuthorizerEvent = Pick<
  APIGatewayRequestAuthorizerEvent,
  "methodArn" | "headers" | "queryStringParameters"
>;
export type AuthorizerResult = APIGatewayAuthorizerResult;

/**
 * A connection, a message or a disconnection. `authorizer` is what the authorizer said of the handshake, its context's
 * values as strings; API Gateway keeps it for as long as the connection.
 */
export type SocketEvent = APIGatewayProxyWebsocketEventV2WithRequestContext<
  Pick<APIGatewayEventWebsocketRequestContextV2, "connectionId" | "eventType" | "routeKey"> & {
    readonly authorizer?: Readonly<Record<string, unknown>>;
  }
>;

/** For `$connect`, the status of the handshake: anything but 2xx refuses it. Other routes say 200 when they are done. */
export interface SocketResult {
  readonly statusCode: number;
}
