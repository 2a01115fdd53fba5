import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ApiGatewayLogging } from "./api-gateway-logging";
import type { Handler } from "./closure/capture";
import { type FunctionOptions, LambdaFunction, type LambdaFunctionArgs } from "./function";
import type { Throttle } from "./http-api";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type ConnectionsClient, connectionMethods } from "./sdk/connections";
import type { AuthorizerEvent, AuthorizerResult, SocketEvent, SocketResult } from "./socket-contract";

export interface WebSocketApiArgs {
  /**
   * Judges each handshake. The client sends its token as `?token=…`, since a browser cannot set headers of a
   * handshake. It could send one as `Sec-WebSocket-Protocol`, but then the function of `$connect` must answer the same
   * protocol, because API Gateway selects none and browsers give up a connection whose offer was not taken: the token
   * would come back as a header. Without a token API Gateway answers 401 by itself; the query is in no access log.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-connect-route-subprotocol.html
   */
  readonly authorizer: Pick<LambdaFunctionArgs<AuthorizerEvent, AuthorizerResult>, "handler" | "environment">;
  /** Serves `$connect`, once the authorizer has allowed it; gets the client to manage other connections with. */
  readonly connect: (connections: ConnectionsClient) => Handler<SocketEvent, SocketResult>;
  /** For all routes together: connects, messages and disconnects. */
  readonly throttle: Throttle;
  /** What AWS must have before it takes a stage that logs. @default it has been set for the account elsewhere */
  readonly logging?: ApiGatewayLogging;
  /** @default 14 */
  readonly accessLogRetentionDays?: number;
  /** For the functions of all routes and the authorizer. */
  readonly functions?: FunctionOptions;
}

export interface SocketRouteOptions {
  /** For this route's function alone, over the API's. */
  readonly function?: FunctionOptions;
}

/** A function has to answer before API Gateway, which waits 29 s. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
const longestTimeoutSeconds = 29;

/** The stage's name, which is a part of the address: a WebSocket API has no `$default` stage. */
const stageName = "main";

/**
 * What an access log line tells of a connection or message, by API Gateway's variables.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
 */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  eventType: "$context.eventType",
  routeKey: "$context.routeKey",
  connectionId: "$context.connectionId",
  status: "$context.status",
  integrationError: "$context.integrationErrorMessage",
  authorizerError: "$context.authorizer.error",
  user: "$context.authorizer.principalId",
});

/**
 * A WebSocket API whose clients are authorised as they connect, with one Lambda function, and so one role, per route.
 * `sdk` is what callbacks post to clients with.
 *
 * Unlike an HTTP API it writes its access log in a role that API Gateway's settings name for the whole account and
 * region: see `ApiGatewayLogging`.
 */
export class WebSocketApi extends pulumi.ComponentResource {
  /** Where clients connect: `wss://…/main`. */
  readonly url: pulumi.Output<string>;
  readonly sdk: ConnectionsClient;
  readonly nodes: {
    readonly api: aws.apigatewayv2.Api;
    readonly authorizer: aws.apigatewayv2.Authorizer;
    readonly stage: aws.apigatewayv2.Stage;
    readonly accessLog: aws.cloudwatch.LogGroup;
  };

  constructor(
    private readonly logicalName: string,
    private readonly args: WebSocketApiArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("gallery:api:WebSocketApi", logicalName, {}, opts);
    const parent = { parent: this };
    const api = new aws.apigatewayv2.Api(
      logicalName,
      { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
      parent,
    );
    this.sdk = bind(connectionMethods, {
      owner: `WebSocket API "${logicalName}"`,
      name: logicalName,
      arn: pulumi.interpolate`${api.executionArn}/${stageName}`,
      // Of the API, not of the stage: the stage comes after the routes, whose functions read this.
      target: { Endpoint: managementAddress(pulumi.interpolate`${api.apiEndpoint}/${stageName}`) },
    });
    const authorizer = createAuthorizer(this.functionOptions(`${logicalName}-authorize`));
    const connect = createRoute(
      { parent: this, name: `${logicalName}-connect`, api, routeKey: "$connect" },
      args.connect(this.sdk),
      this.functionOptions(`${logicalName}-connect`),
      { authorizationType: "CUSTOM", authorizerId: authorizer.id },
    );
    const accessLog = new aws.cloudwatch.LogGroup(
      `${logicalName}-access`,
      {
        name: `/${pulumi.getProject()}/${pulumi.getStack()}/${logicalName}-access`,
        retentionInDays: args.accessLogRetentionDays ?? 14,
      },
      parent,
    );
    const stage = createStage();
    this.url = stage.invokeUrl;
    this.nodes = { api, authorizer, stage, accessLog };
    this.registerOutputs({ url: this.url });

    function createAuthorizer(options: FunctionOptions) {
      const name = `${logicalName}-authorize`;
      const fn = new LambdaFunction(name, { ...options, ...args.authorizer }, parent);
      const created = new aws.apigatewayv2.Authorizer(
        `${logicalName}-authorizer`,
        {
          apiId: api.id,
          authorizerType: "REQUEST",
          authorizerUri: fn.nodes.function.invokeArn,
          identitySources: ["route.request.querystring.token"],
        },
        parent,
      );
      permit(name, fn, pulumi.interpolate`${api.executionArn}/authorizers/${created.id}`, parent);
      return created;
    }

    function createStage() {
      return new aws.apigatewayv2.Stage(
        `${logicalName}-stage`,
        {
          apiId: api.id,
          name: stageName,
          autoDeploy: true,
          accessLogSettings: { destinationArn: accessLog.arn, format: accessLogFormat },
          defaultRouteSettings: {
            detailedMetricsEnabled: true,
            throttlingRateLimit: args.throttle.rate,
            throttlingBurstLimit: args.throttle.burst,
          },
        },
        // AWS deploys no API that has no route; those that come later deploy it again.
        { ...parent, dependsOn: [connect.route, ...(args.logging ? [args.logging.nodes.account] : [])] },
      );
    }
  }

  /** Serves messages whose `action` is this one; `$default` serves those that no other route does. */
  route(
    action: string,
    handler: Handler<SocketEvent, SocketResult>,
    options: SocketRouteOptions = {},
  ): LambdaFunction<SocketEvent, SocketResult> {
    const name = `${this.logicalName}-${action.replace(/^\$/, "")}`;
    const place = { parent: this, name, api: this.nodes.api, routeKey: action };
    return createRoute(place, handler, this.functionOptions(name, options.function)).fn;
  }

  /**
   * Serves `$disconnect`, after a connection was closed by whichever side. API Gateway does its best to tell of each,
   * but does not promise to.
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
   */
  disconnect(
    handler: Handler<SocketEvent, SocketResult>,
    options: SocketRouteOptions = {},
  ): LambdaFunction<SocketEvent, SocketResult> {
    return this.route("$disconnect", handler, options);
  }

  private functionOptions(name: string, own: FunctionOptions = {}): FunctionOptions {
    const options = { ...this.args.functions, ...own };
    const { timeoutSeconds = 10 } = options;
    checkRange(name, "timeoutSeconds", timeoutSeconds, 1, longestTimeoutSeconds);
    return options;
  }
}

/** A route of an API, by the name of its function. */
interface Place {
  readonly parent: pulumi.Resource;
  readonly name: string;
  readonly api: aws.apigatewayv2.Api;
  readonly routeKey: string;
}

function createRoute(
  { parent: owner, name, api, routeKey }: Place,
  handler: Handler<SocketEvent, SocketResult>,
  options: FunctionOptions,
  authorization: Pick<aws.apigatewayv2.RouteArgs, "authorizationType" | "authorizerId"> = {
    // API Gateway takes authorization of $connect alone: whoever sends on a connection was authorised to open it.
    authorizationType: "NONE",
  },
) {
  const parent = { parent: owner };
  const fn = new LambdaFunction(name, { ...options, handler }, parent);
  const integration = new aws.apigatewayv2.Integration(
    `${name}-integration`,
    {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationMethod: "POST",
      integrationUri: fn.nodes.function.invokeArn,
    },
    parent,
  );
  permit(name, fn, pulumi.interpolate`${api.executionArn}/${stageName}/${routeKey}`, parent);
  const route = new aws.apigatewayv2.Route(
    `${name}-route`,
    {
      apiId: api.id,
      routeKey,
      target: pulumi.interpolate`integrations/${integration.id}`,
      ...authorization,
    },
    parent,
  );
  return { fn, route };
}

function permit<Event, Result>(
  name: string,
  fn: LambdaFunction<Event, Result>,
  sourceArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.lambda.Permission(
    `${name}-permission`,
    {
      action: "lambda:InvokeFunction",
      function: fn.name,
      principal: "apigateway.amazonaws.com",
      sourceArn,
    },
    opts,
  );
}

/** `wss://…` → `https://…`: where the connections that clients open at an address are managed. */
function managementAddress(url: pulumi.Output<string>): pulumi.Output<string> {
  return url.apply((known) => known.replace(/^ws/, "http"));
}
