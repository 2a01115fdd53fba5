import type { RestIntegration, RestMethod, RestStage } from "../../../local/front-door/rest-description";

export const stored = "#set($body = $input.json('$'))Action=SendMessage&MessageBody=$util.urlEncode($body)";

/** An integration that stores bodies in a queue. */
export const storing: RestIntegration = {
  type: "AWS",
  uri: "arn:aws:apigateway:eu-west-1:sqs:path/000000000000/views",
  credentials: "arn:aws:iam::000000000000:role/store",
  httpMethod: "POST",
  passthroughBehavior: "NEVER",
  requestParameters: { "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'" },
  requestTemplates: { "application/json": stored },
  cacheKeyParameters: [],
  answers: [
    {
      statusCode: "202",
      selectionPattern: "200",
      responseParameters: {},
      responseTemplates: { "application/json": '{"id":"$context.requestId"}' },
    },
    {
      statusCode: "503",
      selectionPattern: undefined,
      responseParameters: { "method.response.header.Retry-After": "'1'" },
      responseTemplates: { "application/json": '{"status":503}' },
    },
  ],
};

export const invoking: RestIntegration = {
  ...storing,
  type: "AWS_PROXY",
  uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations",
};

export function methodOf(key: string, more: Partial<RestMethod> = {}): RestMethod {
  return {
    key,
    path: key.split(" ")[1] ?? "",
    authorization: "NONE",
    isKeyRequired: false,
    requestParameters: {},
    models: {},
    validatesBody: true,
    validatesParameters: true,
    integration: invoking,
    settings: {},
    ...more,
  };
}

export function stageOf(methods: readonly RestMethod[], more: Partial<RestStage> = {}): RestStage {
  return {
    apiId: "abc",
    stage: "main",
    variables: {},
    hasCache: true,
    methods,
    responses: {},
    plans: [],
    ...more,
  };
}
