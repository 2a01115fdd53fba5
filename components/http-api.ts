import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type {
  APIGatewayEventRequestContextJWTAuthorizer,
  APIGatewayEventRequestContextV2WithAuthorizer,
  APIGatewayProxyEventV2WithRequestContext,
  APIGatewayProxyStructuredResultV2,
} from "aws-lambda";
import { Additions } from "./additions";
import type { Handler } from "./closure/capture";
import { type FunctionOptions, LambdaFunction } from "./function";
import { LambdaAuthorizer, type LambdaAuthorizerArgs } from "./lambda-authorizer";
import { checkRange } from "./range";
import type { Route } from "./route-contract";
import type { UserPool } from "./user-pool";

/** A request; `authorizer` has the claims of a user's token, or what a Lambda authorizer has told of its caller. */
export type HttpEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2WithAuthorizer<
    Partial<APIGatewayEventRequestContextJWTAuthorizer> & {
      readonly lambda?: Readonly<Record<string, unknown>>;
    }
  >
>;
export type HttpResult = APIGatewayProxyStructuredResultV2;

/** A token bucket: `rate` requests per second go through, after a pause up to `burst` at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

export interface HttpApiArgs {
  /** Whose access tokens the routes for users accept. */
  readonly users: UserPool;
  /** Knows partners by their keys, for the routes that are for them. @default there are none */
  readonly partners?: Pick<LambdaAuthorizerArgs, "handler" | "header" | "cacheSeconds">;
  /** For every route that has no throttle of its own. */
  readonly throttle: Throttle;
  /** Origins of web pages that may call the API, such as `https://gallery.example`. @default none */
  readonly corsOrigins?: readonly string[];
  /** Serve the API below a path of a domain that it may share with others. */
  readonly mount?: { readonly domainName: pulumi.Input<string>; readonly path: string };
  /** @default 14 */
  readonly accessLogRetentionDays?: number;
  /** For the functions of all routes. */
  readonly functions?: FunctionOptions;
}

export interface RouteOptions {
  readonly throttle?: Throttle;
  /** For this route's function alone, over the API's. */
  readonly function?: FunctionOptions;
}

/** A route is for partners, but the API knows none. */
export class NoPartners extends pulumi.RunError {}

/** A route is for holders of a key of a usage plan, which HTTP APIs do not have. */
export class KeysNeedRestApi extends pulumi.RunError {}

/** A function has to answer before API Gateway, which waits 30 s. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const longestTimeoutSeconds = 29;

/**
 * One of these is in every access token of a user: the first where the client signed in through the user pool's API,
 * the second where it did so through a web page of Cognito's. Id tokens, which an authorizer takes as well, have none.
 */
const userScopes = ["aws.cognito.signin.user.admin", "openid"];

/**
 * What an access log line tells of a request, by API Gateway's variables.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  routeKey: "$context.routeKey",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  integrationError: "$context.integrationErrorMessage",
  user: "$context.authorizer.claims.sub",
});

/** An HTTP API with one Lambda function, and so one role, per route. */
export class HttpApi extends pulumi.ComponentResource {
  /** Where the API answers, with a slash at the end: the mount where it has one, and then nowhere else. */
  readonly url: pulumi.Output<string>;
  readonly nodes: {
    readonly api: aws.apigatewayv2.Api;
    readonly authorizer: aws.apigatewayv2.Authorizer;
    /** Only where the API has partners. */
    readonly partners?: LambdaAuthorizer;
    readonly stage: aws.apigatewayv2.Stage;
    readonly accessLog: aws.cloudwatch.LogGroup;
  };
  private readonly routes: Additions<{
    readonly route: aws.apigatewayv2.Route;
    readonly headers: readonly string[];
    readonly throttle?: Throttle;
  }>;

  constructor(
    private readonly logicalName: string,
    private readonly args: HttpApiArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("gallery:api:HttpApi", logicalName, {}, opts);
    const parent = { parent: this };
    this.routes = new Additions(`the stage of ${logicalName}`);
    const routesKnown = this.routes.all();
    const existing: Promise<aws.apigatewayv2.Route[]> = routesKnown.then((routes) =>
      routes.map(({ route }) => route),
    );
    const api = createApi();
    const authorizer = createAuthorizer();
    const partners = args.partners && createPartners(args.partners);
    const accessLog = createAccessLog();
    const stage = createStage();
    this.url = args.mount ? createMount(args.mount) : stage.invokeUrl;
    this.nodes = { api, authorizer, partners, stage, accessLog };
    this.registerOutputs({ url: this.url });

    function createApi() {
      const { corsOrigins = [] } = args;
      return new aws.apigatewayv2.Api(
        logicalName,
        {
          protocolType: "HTTP",
          disableExecuteApiEndpoint: args.mount !== undefined,
          corsConfiguration:
            corsOrigins.length === 0
              ? undefined
              : {
                  allowOrigins: [...corsOrigins],
                  allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
                  allowHeaders: routesKnown.then((routes) =>
                    [
                      ...new Set([
                        "authorization",
                        "content-type",
                        ...routes.flatMap(({ headers }) => headers),
                      ]),
                    ].sort(),
                  ),
                  exposeHeaders: ["location"],
                  maxAge: 600,
                },
        },
        parent,
      );
    }

    function createAuthorizer() {
      return new aws.apigatewayv2.Authorizer(
        `${logicalName}-users`,
        {
          apiId: api.id,
          authorizerType: "JWT",
          identitySources: ["$request.header.Authorization"],
          jwtConfiguration: { issuer: args.users.issuer, audiences: [args.users.clientId] },
        },
        parent,
      );
    }

    function createPartners(partnerArgs: NonNullable<HttpApiArgs["partners"]>) {
      return new LambdaAuthorizer(
        `${logicalName}-partners`,
        { ...partnerArgs, api, functions: args.functions },
        parent,
      );
    }

    function createAccessLog() {
      return new aws.cloudwatch.LogGroup(
        `${logicalName}-access`,
        {
          name: `/${pulumi.getProject()}/${pulumi.getStack()}/${logicalName}-access`,
          retentionInDays: args.accessLogRetentionDays ?? 14,
        },
        parent,
      );
    }

    function createStage() {
      return new aws.apigatewayv2.Stage(
        `${logicalName}-stage`,
        {
          apiId: api.id,
          name: "$default",
          autoDeploy: true,
          accessLogSettings: { destinationArn: accessLog.arn, format: accessLogFormat },
          defaultRouteSettings: {
            detailedMetricsEnabled: true,
            throttlingRateLimit: args.throttle.rate,
            throttlingBurstLimit: args.throttle.burst,
          },
          routeSettings: pulumi.output(routesKnown).apply((routes) =>
            routes.flatMap(({ route, throttle }) =>
              throttle
                ? [
                    {
                      routeKey: route.routeKey,
                      detailedMetricsEnabled: true,
                      throttlingRateLimit: throttle.rate,
                      throttlingBurstLimit: throttle.burst,
                    },
                  ]
                : [],
            ),
          ),
        },
        // A stage may only have settings for routes that exist.
        { ...parent, dependsOn: existing },
      );
    }

    function createMount({ domainName, path }: NonNullable<HttpApiArgs["mount"]>) {
      const key = path.replace(/^\/+|\/+$/g, "");
      const mapping = new aws.apigatewayv2.ApiMapping(
        `${logicalName}-mount`,
        { apiId: api.id, domainName, stage: stage.name, apiMappingKey: key },
        parent,
      );
      return pulumi.interpolate`https://${mapping.domainName}/${key === "" ? "" : `${key}/`}`;
    }
  }

  /**
   * Serves a route with a function of its own. A route for users takes access tokens alone: API Gateway answers 401 to
   * what is no token of the user pool's, and 403 to an id token; that the user is in the route's group is for the
   * handler to see, as `endpoint` does. A route for partners answers 401 without a key and 403 to a wrong one.
   */
  route(
    contract: Route,
    handler: Handler<HttpEvent, HttpResult>,
    options: RouteOptions = {},
  ): LambdaFunction<HttpEvent, HttpResult> {
    const { id, method, path, access, summary, headers = {} } = contract;
    const fullName = `${this.logicalName}-${kebab(id)}`;
    this.routes.checkOpen(fullName, "route");
    const functionOptions = { ...this.args.functions, ...options.function };
    const { timeoutSeconds = 10 } = functionOptions;
    checkRange(fullName, "timeoutSeconds", timeoutSeconds, 1, longestTimeoutSeconds);
    const parent = { parent: this };
    const { api, authorizer, partners } = this.nodes;
    if (access === "key") {
      throw new KeysNeedRestApi(
        `${fullName}: an HTTP API knows no keys of usage plans; serve the route by a RestApi, or make it for partners`,
      );
    }
    if (access === "partner" && !partners) {
      throw new NoPartners(`${fullName}: the route is for partners; give ${this.logicalName} \`partners\``);
    }
    const fn = new LambdaFunction(
      fullName,
      { ...functionOptions, timeoutSeconds, description: summary, handler },
      parent,
    );
    const integration = new aws.apigatewayv2.Integration(
      `${fullName}-integration`,
      {
        apiId: api.id,
        integrationType: "AWS_PROXY",
        integrationUri: fn.arn,
        payloadFormatVersion: "2.0",
      },
      parent,
    );
    new aws.lambda.Permission(
      `${fullName}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/*/${method}${path.replace(/\{[^}]+\}/g, "*")}`,
      },
      parent,
    );
    const route = new aws.apigatewayv2.Route(
      `${fullName}-route`,
      {
        apiId: api.id,
        routeKey: `${method} ${path}`,
        target: pulumi.interpolate`integrations/${integration.id}`,
        ...{
          user: { authorizationType: "JWT", authorizerId: authorizer.id, authorizationScopes: userScopes },
          partner: { authorizationType: "CUSTOM", authorizerId: partners?.id },
          anyone: { authorizationType: "NONE" },
        }[access],
      },
      parent,
    );
    this.routes.add({ route, headers: Object.keys(headers), throttle: options.throttle });
    return fn;
  }
}

/** `publishPhoto` → `publish-photo` */
function kebab(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
