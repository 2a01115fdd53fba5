import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Additions } from "./additions";
import type { ApiGatewayLogging } from "./api-gateway-logging";
import type { Handler } from "./closure/capture";
import { type FunctionOptions, LambdaFunction } from "./function";
import type { HttpEvent, HttpResult, Throttle } from "./http-api";
import { checkRange } from "./range";
import { ApiParts } from "./rest-api/api-parts";
import { bodyModel, propertiesOf } from "./rest-api/body-model";
import { type CacheKeys, cacheKeysOf, parametersOf } from "./rest-api/cache-keys";
import { checkOrigins } from "./rest-api/cors";
import { createGatewayResponses } from "./rest-api/gateway-responses";
import { type RestEvent, type RestResult, servedAsHttp } from "./rest-api/http-event";
import { checkStorable, createIngest } from "./rest-api/ingest-route";
import type { IngestTarget } from "./rest-api/ingest-target";
import { MethodSettings, slug } from "./rest-api/method-settings";
import { createPreflight } from "./rest-api/preflight";
import { type ApiCache, createStage, stageName } from "./rest-api/stage";
import { createUsagePlans, type UsagePlan } from "./rest-api/usage-plans";
import type { RouteContract } from "./route-contract";

export { type IngestTarget, queueTarget, streamTarget } from "./rest-api/ingest-target";
export type { ApiCache, RestEvent, RestResult, UsagePlan };

export interface RestApiArgs {
  /** For every route that has no throttle of its own. */
  readonly throttle: Throttle;
  /** Origins of web pages that may call the routes for anyone, such as `https://gallery.example`. @default none */
  readonly corsOrigins?: readonly string[];
  /** Keeps answers of routes that have `cacheSeconds`. @default every request goes to its function */
  readonly cache?: ApiCache;
  /** By name, who may call the routes for holders of a key, and how often. @default there are none */
  readonly plans?: Readonly<Record<string, UsagePlan>>;
  /** What AWS must have before it takes a stage that logs. @default it has been set for the account elsewhere */
  readonly logging?: ApiGatewayLogging;
  /** @default 14 */
  readonly accessLogRetentionDays?: number;
  /**
   * Deploys the API once more when it is another. A route that was removed answers 500 until then, since it is still
   * there as the API is deployed.
   * @default "1"
   */
  readonly revision?: string;
  /** For the functions of all routes. */
  readonly functions?: FunctionOptions;
}

export interface IngestOptions {
  readonly throttle?: Throttle;
}

export interface RestRouteOptions extends IngestOptions {
  /**
   * How long an answer serves for the same cache keys, 1–3600, where the API has a cache. API Gateway keeps what the
   * function answers, errors too. @default it is not kept
   */
  readonly cacheSeconds?: number;
  /**
   * Query parameters and headers of the contract that tell one answer from another, besides all path parameters; of a
   * cached route, the handler sees these alone. @default all of the contract's
   */
  readonly cacheKeys?: readonly string[];
  /** For this route's function alone, over the API's. */
  readonly function?: FunctionOptions;
}

/** A route is for those whom a REST API of ours does not know. */
export class AccessNotOffered extends pulumi.RunError {}

/** A function has to answer before API Gateway, which waits 29 s. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const longestTimeoutSeconds = 29;

/**
 * A REST API, for what an HTTP API cannot do: store requests without any function, keep answers in a cache, and give
 * callers keys with quotas. One role per route: that of its function, or one that may store and nothing else.
 */
export class RestApi extends pulumi.ComponentResource {
  /** Where the API answers, with a slash at the end. */
  readonly url: pulumi.Output<string>;
  readonly nodes: {
    readonly api: aws.apigateway.RestApi;
    readonly stage: aws.apigateway.Stage;
    readonly deployment: aws.apigateway.Deployment;
    readonly accessLog: aws.cloudwatch.LogGroup;
    readonly executionLog: aws.cloudwatch.LogGroup;
    readonly plans: Readonly<Record<string, aws.apigateway.UsagePlan>>;
  };
  private readonly parts: ApiParts;
  private readonly validator: aws.apigateway.RequestValidator;
  private readonly settings: MethodSettings;
  private readonly routes: Additions<Pick<RouteContract, "path" | "headers">>;
  private readonly routesKnown: ReturnType<RestApi["routes"]["all"]>;
  /** By path, `""` being the root. */
  private readonly resourceIds = new Map<string, pulumi.Output<string>>();
  private readonly preflights = new Set<string>();

  constructor(
    private readonly logicalName: string,
    private readonly args: RestApiArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { throttle, cache, plans = {}, logging, accessLogRetentionDays = 14, corsOrigins = [] } = args;
    checkOrigins(logicalName, corsOrigins);
    super("gallery:api:RestApi", logicalName, {}, opts);
    const parent = { parent: this };
    this.routes = new Additions(`the stage of ${logicalName}`);
    this.routesKnown = this.routes.all();
    this.parts = new ApiParts(this, logicalName);
    const api = new aws.apigateway.RestApi(
      logicalName,
      { endpointConfiguration: { types: "REGIONAL" } },
      parent,
    );
    this.resourceIds.set("", api.rootResourceId);
    this.validator = this.parts.add(aws.apigateway.RequestValidator, `${logicalName}-validator`, {
      restApi: api.id,
      validateRequestBody: true,
      validateRequestParameters: true,
    });
    createGatewayResponses(logicalName, api, corsOrigins, this.parts);
    const served = createStage(
      logicalName,
      {
        restApi: api,
        parts: this.parts,
        cache,
        logging,
        logRetentionDays: accessLogRetentionDays,
        revision: args.revision ?? "1",
      },
      parent,
    );
    const { stage } = served;
    this.settings = new MethodSettings(
      { name: logicalName, stage, throttle, hasCache: cache !== undefined },
      parent,
    );
    this.url = stage.invokeUrl.apply((url) => url.replace(/\/*$/, "/"));
    this.nodes = { api, ...served, plans: createUsagePlans(logicalName, plans, stage, parent) };
    this.registerOutputs({ url: this.url });
  }

  /** Serves a route with a function of its own. A route for holders of a key answers 403 without one. */
  route(
    contract: RouteContract,
    handler: Handler<HttpEvent, HttpResult>,
    options: RestRouteOptions = {},
  ): LambdaFunction<RestEvent, RestResult> {
    const fullName = this.nameOf(contract, "route");
    const { method, path, summary } = contract;
    const functionOptions = { ...this.args.functions, ...options.function };
    const { timeoutSeconds = 10 } = functionOptions;
    checkRange(fullName, "timeoutSeconds", timeoutSeconds, 1, longestTimeoutSeconds);
    const cacheKeys = this.cacheKeys(fullName, contract, options);
    const origins = this.originsOf(contract);
    const fn = new LambdaFunction(
      fullName,
      {
        ...functionOptions,
        timeoutSeconds,
        description: summary,
        handler: servedAsHttp(handler, { origins, cacheKeys }),
      },
      { parent: this },
    );
    const { api } = this.nodes;
    new aws.lambda.Permission(
      `${fullName}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/${stageName}/${method}${path.replace(/\{[^}]+\}/g, "*")}`,
      },
      { parent: this },
    );
    // A page of each of several origins gets an answer that names its own.
    const keyParameters = cacheKeys && [
      ...parametersOf(cacheKeys),
      ...(origins.length > 1 ? ["method.request.header.Origin"] : []),
    ];
    const created = this.createMethod(fullName, contract, keyParameters);
    this.parts.add(
      aws.apigateway.Integration,
      `${fullName}-integration`,
      {
        restApi: api.id,
        resourceId: created.resourceId,
        httpMethod: created.httpMethod,
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: fn.nodes.function.invokeArn,
        cacheNamespace: fullName,
        cacheKeyParameters: keyParameters,
      },
      [created],
    );
    this.settings.add({ method, path, ...options });
    return fn;
  }

  /**
   * Stores what is posted without any function: API Gateway judges the body by the contract, puts
   * `{ id, receivedAt, body }` into the store and answers 202 with the id. It answers 400 to another body, 415 to what
   * is no JSON, 413 to what the store finds too large, and 503 while the store takes nothing.
   */
  ingest(contract: RouteContract, store: IngestTarget, options: IngestOptions = {}): aws.iam.Role {
    const fullName = this.nameOf(contract, "ingest");
    checkStorable(fullName, contract);
    const { body } = contract;
    const model = body && bodyModel(fullName, body);
    if (model) {
      store.check?.(fullName, model);
    }
    const { api } = this.nodes;
    const made = this.parts.add(aws.apigateway.Model, `${fullName}-model`, {
      restApi: api.id,
      name: contract.id.replace(/[^A-Za-z0-9]/g, ""),
      contentType: "application/json",
      schema: JSON.stringify(model),
    });
    const method = this.createMethod(fullName, contract, [], { "application/json": made.name });
    const role = createIngest(fullName, api, method, store, this.originsOf(contract), this.parts);
    this.settings.add({ ...contract, ...options });
    return role;
  }

  /** @throws TooLate, AccessNotOffered */
  private nameOf({ id, access }: RouteContract, verb: string): string {
    const fullName = `${this.logicalName}-${id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    this.routes.checkOpen(fullName, verb);
    if (access !== "anyone" && access !== "key") {
      throw new AccessNotOffered(
        `${fullName}: the route is for ${access}s, whom a REST API does not know; serve it by an HttpApi`,
      );
    }
    if (access === "key" && Object.keys(this.args.plans ?? {}).length === 0) {
      throw new AccessNotOffered(
        `${fullName}: the route is for holders of a key; give ${this.logicalName} \`plans\` that keys belong to`,
      );
    }
    return fullName;
  }

  private cacheKeys(
    fullName: string,
    contract: RouteContract,
    { cacheSeconds, cacheKeys }: RestRouteOptions,
  ): CacheKeys | undefined {
    if (cacheSeconds === undefined) {
      return undefined;
    }
    checkRange(fullName, "cacheSeconds", cacheSeconds, 1, 3600);
    return cacheKeysOf(fullName, contract, cacheKeys);
  }

  /** A key in a web page would be no secret. */
  private originsOf({ access }: RouteContract): readonly string[] {
    return access === "anyone" ? (this.args.corsOrigins ?? []) : [];
  }

  private createMethod(
    fullName: string,
    contract: RouteContract,
    keyParameters: readonly string[] = [],
    requestModels?: Record<string, pulumi.Input<string>>,
  ): aws.apigateway.Method {
    const { path, method, access, headers = {}, query } = contract;
    const place = { restApi: this.nodes.api.id, resourceId: this.resourceId(path) };
    const origins = this.originsOf(contract);
    this.routes.add({ path, headers });
    if (origins.length > 0 && !this.preflights.has(path)) {
      this.preflights.add(path);
      const read = this.routesKnown.then((routes) => [
        ...new Set(
          routes.filter((route) => route.path === path).flatMap((route) => Object.keys(route.headers ?? {})),
        ),
      ]);
      createPreflight(`${this.logicalName}-options${slug(path)}`, place, origins, read, this.parts);
    }
    const required = [
      ...propertiesOf(query).required.map((name) => `method.request.querystring.${name}`),
      ...Object.entries(headers)
        .filter(([, { required: isRequired }]) => isRequired)
        .map(([name]) => `method.request.header.${name}`),
    ];
    return this.parts.add(aws.apigateway.Method, `${fullName}-method`, {
      ...place,
      httpMethod: method,
      authorization: "NONE",
      apiKeyRequired: access === "key",
      operationName: contract.id,
      requestValidatorId: this.validator.id,
      requestModels,
      requestParameters: Object.fromEntries([
        ...keyParameters.map((parameter) => [parameter, parameter.startsWith("method.request.path.")]),
        ...required.map((parameter) => [parameter, true]),
      ]),
    });
  }

  /** Makes what is missing of a path, segment by segment. */
  private resourceId(path: string): pulumi.Output<string> {
    const [, parentPath = "", pathPart = ""] = /^(.*)\/([^/]*)$/.exec(path) ?? [];
    const key = pathPart === "" ? parentPath : path;
    const known = this.resourceIds.get(key);
    if (known) {
      return known;
    }
    const made = this.parts.add(aws.apigateway.Resource, `${this.logicalName}${slug(path)}`, {
      restApi: this.nodes.api.id,
      parentId: this.resourceId(parentPath),
      pathPart,
    });
    this.resourceIds.set(path, made.id);
    return made.id;
  }
}
