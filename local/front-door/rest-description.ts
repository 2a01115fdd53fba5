/** What API Gateway answers where the store's status fits. */
export interface RestAnswer {
  readonly statusCode: string;
  /** Of the whole status; without one, for whatever no other fits. */
  readonly selectionPattern: string | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

/** What a method passes its requests to. */
export interface RestIntegration {
  /** `AWS_PROXY`, `AWS`, `MOCK`, … */
  readonly type: string;
  readonly uri: string;
  /** ARN of the role that API Gateway takes for the call. */
  readonly credentials: string | undefined;
  readonly httpMethod: string;
  readonly passthroughBehavior: string;
  readonly requestParameters: Readonly<Record<string, string>>;
  readonly requestTemplates: Readonly<Record<string, string>>;
  /** Such as `method.request.querystring.days`. */
  readonly cacheKeyParameters: readonly string[];
  readonly answers: readonly RestAnswer[];
}

/** Settings of a stage for a method, as `MethodSettings` states them. */
export interface RestSettings {
  /** @default the account's 10,000 */
  readonly throttlingRateLimit?: number;
  /** @default the account's 5,000 */
  readonly throttlingBurstLimit?: number;
  readonly cachingEnabled?: boolean;
  /** @default 300 */
  readonly cacheTtlInSeconds?: number;
  /** @default true */
  readonly requireAuthorizationForCacheControl?: boolean;
  /** @default "SUCCEED_WITH_RESPONSE_HEADER" */
  readonly unauthorizedCacheControlHeaderStrategy?: string;
}

export interface RestMethod {
  /** Such as `GET /photos/{id}`. */
  readonly key: string;
  /** Path of its resource. */
  readonly path: string;
  /** `NONE`, or what the emulator sees to. */
  readonly authorization: string;
  readonly isKeyRequired: boolean;
  /** Parameter such as `method.request.header.Origin` → whether it must be there. */
  readonly requestParameters: Readonly<Record<string, boolean>>;
  /** Media type → JSON Schema, draft 4, as text. */
  readonly models: Readonly<Record<string, string>>;
  readonly validatesBody: boolean;
  readonly validatesParameters: boolean;
  readonly integration: RestIntegration;
  readonly settings: RestSettings;
}

/** What API Gateway answers of itself. */
export interface GatewayResponse {
  readonly statusCode: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly template: string | undefined;
}

export interface RestPlan {
  readonly id: string;
  readonly throttle: { readonly rateLimit?: number; readonly burstLimit?: number } | undefined;
  readonly quota: { readonly limit: number; readonly period: string } | undefined;
}

/** A deployed stage of a REST API. */
export interface RestStage {
  readonly apiId: string;
  readonly stage: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly hasCache: boolean;
  readonly methods: readonly RestMethod[];
  /** By response type, such as `THROTTLED`. */
  readonly responses: Readonly<Record<string, GatewayResponse>>;
  readonly plans: readonly RestPlan[];
}
