import { checkGraph } from "../../../local/checks";
import type { Resource } from "../../../local/engine/resource";
import {
  apiArn,
  arn,
  functionArn,
  permission,
  problems,
  queueArn,
  resource,
  role,
  roleArn,
  rolePolicy,
  testNeeds,
  workingFunction,
} from "./graph-builder";

const principal = "apigateway.amazonaws.com";
const uri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn("f")}/invocations`;

function allowing(sourceArn: string): Resource {
  return permission("f", principal, { sourceArn });
}

function api(protocolType: string): Resource {
  return resource("aws:apigatewayv2/api:Api", "a", { protocolType }, { executionArn: apiArn("a") });
}

function stage(name: string): Resource {
  return resource("aws:apigatewayv2/stage:Stage", `a-${name}`, { apiId: "a", name });
}

function route(routeKey: string): Resource {
  return resource("aws:apigatewayv2/route:Route", `a-${routeKey}`, {
    apiId: "a",
    routeKey,
    target: "integrations/i",
  });
}

function integration(inputs: Resource["inputs"] = {}): Resource {
  return resource("aws:apigatewayv2/integration:Integration", "i", {
    apiId: "a",
    integrationType: "AWS_PROXY",
    integrationUri: functionArn("f"),
    ...inputs,
  });
}

/** An HTTP API with one route on function `f`. */
function httpApi(routeKey: string): Resource[] {
  return [...workingFunction("f"), api("HTTP"), stage("$default"), integration(), route(routeKey)];
}

const webSocket = [
  ...workingFunction("f"),
  api("WEBSOCKET"),
  stage("live"),
  integration({ integrationUri: uri }),
  route("$connect"),
];

const authorized = [
  ...workingFunction("f"),
  api("HTTP"),
  resource("aws:apigatewayv2/authorizer:Authorizer", "guard", {
    apiId: "a",
    authorizerType: "REQUEST",
    authorizerUri: uri,
  }),
];

const toQueue = [
  api("HTTP"),
  integration({
    integrationUri: undefined,
    integrationSubtype: "SQS-SendMessage",
    credentialsArn: roleArn("api-role"),
    requestParameters: { QueueUrl: queueArn("views"), MessageBody: "$request.body" },
  }),
  route("POST /views"),
];

/** A REST API with one method on `/views/{id}`. */
function restApi(inputs: Resource["inputs"]): Resource[] {
  return [
    resource(
      "aws:apigateway/restApi:RestApi",
      "r",
      {},
      { executionArn: apiArn("r"), rootResourceId: "root" },
    ),
    resource("aws:apigateway/resource:Resource", "views", {
      restApi: "r",
      parentId: "root",
      pathPart: "views",
    }),
    resource("aws:apigateway/resource:Resource", "view", {
      restApi: "r",
      parentId: "views",
      pathPart: "{id}",
    }),
    resource("aws:apigateway/stage:Stage", "v1", { restApi: "r", stageName: "v1" }),
    resource("aws:apigateway/integration:Integration", "views-post", {
      restApi: "r",
      resourceId: "view",
      httpMethod: "POST",
      ...inputs,
    }),
  ];
}

const restToFunction = [...workingFunction("f"), ...restApi({ type: "AWS_PROXY", uri })];
const restToQueue = restApi({
  type: "AWS",
  uri: "arn:aws:apigateway:eu-west-1:sqs:path/000000000000/views",
  credentials: roleArn("api-role"),
  requestTemplates: { "application/json": "Action=SendMessage&MessageBody=$input.body" },
});
const stream = resource(
  "aws:kinesis/stream:Stream",
  "views",
  {},
  { name: "views", arn: arn("kinesis", "stream/views") },
);
const restToStream = [
  stream,
  ...restApi({
    type: "AWS",
    uri: "arn:aws:apigateway:eu-west-1:kinesis:action/PutRecord",
    credentials: roleArn("api-role"),
    requestTemplates: { "application/json": '{ "StreamName": "views", "Data": "$input.body" }' },
  }),
];
const sendsToQueue = [
  role("api-role", principal),
  rolePolicy("api-role", { Action: "sqs:SendMessage", Resource: queueArn("views") }),
];

testNeeds([
  {
    need: "a route of an HTTP API invokes its function",
    met: [...httpApi("GET /photos"), allowing(`${apiArn("a")}/*/GET/photos`)],
    missed: httpApi("GET /photos"),
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves GET /photos with it.",
  },
  {
    need: "a permission covers the route, not another",
    met: [...httpApi("GET /photos/{id}"), allowing(`${apiArn("a")}/*/GET/photos/*`)],
    missed: [...httpApi("GET /photos/{id}"), allowing(`${apiArn("a")}/*/GET/photos`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves GET /photos/{id} with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of a>/*/GET/photos " +
      "(here it is <executionArn of a>/$default/GET/photos/{id}).",
  },
  {
    need: "a permission covers every method of a route for any",
    met: [...httpApi("ANY /photos"), allowing(`${apiArn("a")}/*/*/photos`)],
    missed: [...httpApi("ANY /photos"), allowing(`${apiArn("a")}/*/GET/photos`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves ANY /photos with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of a>/*/GET/photos " +
      "(here it is <executionArn of a>/$default/*/photos).",
  },
  {
    need: "a permission covers the default route",
    met: [...httpApi("$default"), allowing(`${apiArn("a")}/*/$default`)],
    missed: [...httpApi("$default"), allowing(`${apiArn("a")}/*/*/$default`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves $default with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of a>/*/*/$default " +
      "(here it is <executionArn of a>/$default/$default).",
  },
  {
    need: "a permission covers each stage",
    met: [...httpApi("GET /photos"), stage("beta"), allowing(`${apiArn("a")}/*/GET/photos`)],
    missed: [...httpApi("GET /photos"), stage("beta"), allowing(`${apiArn("a")}/$default/GET/photos`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves GET /photos with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of a>/$default/GET/photos " +
      "(here it is <executionArn of a>/beta/GET/photos).",
  },
  {
    need: "a permission is for API Gateway",
    met: [...httpApi("GET /photos"), permission("f", principal)],
    missed: [...httpApi("GET /photos"), permission("f", "events.amazonaws.com")],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves GET /photos with it.",
  },
  {
    need: "a route of a WebSocket API invokes its function",
    met: [...webSocket, allowing(`${apiArn("a")}/live/$connect`)],
    missed: [...webSocket, allowing(`${apiArn("a")}/live/$disconnect`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a serves $connect with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of a>/live/$disconnect " +
      "(here it is <executionArn of a>/live/$connect).",
  },
  {
    need: "an authorizer invokes its function",
    met: [...authorized, allowing(`${apiArn("a")}/authorizers/guard`)],
    missed: [...authorized, allowing(`${apiArn("a")}/*/GET/*`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API a authorizes requests with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of a>/*/GET/* " +
      "(here it is <executionArn of a>/authorizers/guard).",
  },
  {
    need: "an HTTP API calls a service with a role",
    met: [...toQueue, ...sendsToQueue],
    missed: [...toQueue, role("api-role", principal)],
    problem:
      `Role api-role does not allow sqs:SendMessage on ${queueArn("views")}, ` +
      "although API a serves POST /views with it.",
  },
  {
    need: "a method of a REST API invokes its function",
    met: [...restToFunction, allowing(`${apiArn("r")}/v1/POST/views/*`)],
    missed: [...restToFunction, allowing(`${apiArn("r")}/v1/POST/views`)],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, " +
      "although API r serves POST /views/{id} with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of r>/v1/POST/views " +
      "(here it is <executionArn of r>/v1/POST/views/{id}).",
  },
  {
    need: "a REST API sends to a queue with a role",
    met: [...restToQueue, ...sendsToQueue],
    missed: [...restToQueue, role("api-role", principal)],
    problem:
      `Role api-role does not allow sqs:SendMessage on ${queueArn("views")}, ` +
      "although API r serves POST /views/{id} with it.",
  },
  {
    need: "a REST API puts records into a stream with a role",
    met: [
      ...restToStream,
      role("api-role", principal),
      rolePolicy("api-role", { Action: "kinesis:PutRecord", Resource: arn("kinesis", "stream/views") }),
    ],
    missed: [
      ...restToStream,
      role("api-role", principal),
      rolePolicy("api-role", { Action: "kinesis:PutRecord", Resource: arn("kinesis", "stream/others") }),
    ],
    problem:
      "Role api-role does not allow kinesis:PutRecord on <arn of views>, " +
      "although API r serves POST /views/{id} with it.",
  },
  {
    need: "the role of an API trusts API Gateway",
    met: [...restToQueue, ...sendsToQueue],
    missed: [...restToQueue, role("api-role", "lambda.amazonaws.com"), ...sendsToQueue.slice(1)],
    problem:
      "Role api-role may not be taken by apigateway.amazonaws.com, " +
      "although API r serves POST /views/{id} with it.",
  },
  {
    need: "an API that takes a role invokes the function with it",
    met: [
      ...workingFunction("f"),
      ...restApi({ type: "AWS_PROXY", uri, credentials: roleArn("api-role") }),
      role("api-role", principal),
      rolePolicy("api-role", { Action: "lambda:InvokeFunction", Resource: functionArn("f") }),
    ],
    missed: [
      ...restToFunction.slice(0, -1),
      ...restApi({ type: "AWS_PROXY", uri, credentials: roleArn("api-role") }).slice(-1),
      role("api-role", principal),
      allowing(`${apiArn("r")}/*`),
    ],
    problem:
      "Role api-role does not allow lambda:InvokeFunction on <arn of f>, " +
      "although API r serves POST /views/{id} with it.",
  },
  {
    need: "an authorizer of a REST API invokes its function",
    met: [
      ...restToFunction,
      allowing(`${apiArn("r")}/*`),
      resource("aws:apigateway/authorizer:Authorizer", "guard", { restApi: "r", authorizerUri: uri }),
    ],
    missed: [
      ...restToFunction,
      allowing(`${apiArn("r")}/v1/*`),
      resource("aws:apigateway/authorizer:Authorizer", "guard", { restApi: "r", authorizerUri: uri }),
    ],
    problem:
      "Function f may not be invoked by apigateway.amazonaws.com, although API r authorizes requests with it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <executionArn of r>/v1/* " +
      "(here it is <executionArn of r>/authorizers/guard).",
  },
]);

test("a version of a function has a permission of its own", () => {
  const graph = [
    ...workingFunction("f"),
    api("HTTP"),
    integration({ integrationUri: `${functionArn("f")}:live` }),
    route("GET /photos"),
  ];

  expect(problems([...graph, permission("f", principal)])).toHaveLength(1);
  expect(problems([...graph, permission("f", principal, { qualifier: "live" })])).toEqual([]);
  expect(problems([...graph, permission("f", principal, { function: `${functionArn("f")}:live` })])).toEqual(
    [],
  );
});

test("an API without a stage has one elsewhere, of any name", () => {
  const graph = [...workingFunction("f"), api("HTTP"), integration(), route("GET /photos")];

  expect(problems([...graph, allowing(`${apiArn("a")}/v1/GET/photos`)])).toHaveLength(1);
  expect(problems([...graph, allowing(`${apiArn("a")}/*/GET/photos`)])).toEqual([]);
});

test("the finding names the integration and says how to mend it", () => {
  const [finding] = checkGraph(httpApi("GET /photos/{id}"));

  expect(finding).toMatchObject({
    urn: "urn:pulumi:test::gallery::aws:apigatewayv2/integration:Integration::i",
    name: "i",
    type: "aws:apigatewayv2/integration:Integration",
    fix:
      "Add an aws.lambda.Permission with action lambda:InvokeFunction, function <arn of f>, " +
      "principal apigateway.amazonaws.com and sourceArn <executionArn of a>/$default/GET/photos/*.",
  });
});

test("integrations that call no function or service of AWS need nothing", () => {
  const graph = [
    api("HTTP"),
    integration({ integrationType: "HTTP_PROXY", integrationUri: "https://example.com" }),
    route("GET /photos"),
    ...restApi({ type: "MOCK" }),
  ];

  expect(problems(graph)).toEqual([]);
});
