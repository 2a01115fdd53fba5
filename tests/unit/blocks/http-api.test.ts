import * as z from "zod";
import { HttpApi, type HttpApiArgs } from "../../../components/http-api";
import type { Route } from "../../../components/route-contract";
import { UserPool } from "../../../components/user-pool";
import { evaluate, only } from "../program";

const readNote: Route = {
  id: "readNote",
  method: "GET",
  path: "/notes/{id}",
  summary: "Read a note",
  access: "anyone",
};
const writeNote: Route = { ...readNote, id: "writeNote", method: "PUT", access: "user" };
const ok = async () => ({ statusCode: 200 });

const notesApi = (args: Partial<HttpApiArgs> = {}) =>
  new HttpApi("notes", { users: new UserPool("users"), throttle: { rate: 10, burst: 20 }, ...args });

test("each route has a function of its own, which the API may call for that route only", async () => {
  const graph = await evaluate(() => {
    const api = notesApi();
    api.route(readNote, ok);
    api.route(writeNote, ok);
    return {};
  });

  const functions = graph.resources.filter(({ type }) => type === "aws:lambda/function:Function");
  expect(functions.map(({ name }) => name).sort()).toEqual(["notes-read-note", "notes-write-note"]);
  expect(only(graph, "aws:lambda/permission:Permission", "notes-read-note-permission").inputs).toMatchObject({
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:notes/*/GET/notes/*",
  });
});

test("a route for users asks for a token of the pool's, one for anyone does not", async () => {
  const graph = await evaluate(() => {
    const api = notesApi();
    api.route(readNote, ok);
    api.route(writeNote, ok);
    return {};
  });

  expect(only(graph, "aws:apigatewayv2/authorizer:Authorizer", "notes-users").inputs).toMatchObject({
    authorizerType: "JWT",
    jwtConfiguration: {
      issuer: "https://cognito-idp.eu-west-1.amazonaws.com/users",
      audiences: ["users-web-id"],
    },
  });
  expect(only(graph, "aws:apigatewayv2/route:Route", "notes-write-note-route").inputs).toMatchObject({
    routeKey: "PUT /notes/{id}",
    authorizationType: "JWT",
    authorizerId: "notes-users-id",
    // Id tokens have no scope.
    authorizationScopes: ["aws.cognito.signin.user.admin", "openid"],
  });
  expect(only(graph, "aws:apigatewayv2/route:Route", "notes-read-note-route").inputs.authorizationType).toBe(
    "NONE",
  );
});

test("the stage logs each request and throttles every route, some by limits of their own", async () => {
  const graph = await evaluate(() => {
    const api = notesApi();
    api.route(readNote, ok);
    api.route(writeNote, ok, { throttle: { rate: 1, burst: 2 } });
    return {};
  });

  const { inputs } = only(graph, "aws:apigatewayv2/stage:Stage", "notes-stage");
  expect(inputs).toMatchObject({
    name: "$default",
    autoDeploy: true,
    accessLogSettings: { destinationArn: "arn:aws:cloudwatch:eu-west-1:123456789012:notes-access" },
    defaultRouteSettings: { throttlingRateLimit: 10, throttlingBurstLimit: 20 },
    routeSettings: [{ routeKey: "PUT /notes/{id}", throttlingRateLimit: 1, throttlingBurstLimit: 2 }],
  });
});

test("web pages of other origins may call it only where that is asked for", async () => {
  const open = await evaluate(() => {
    notesApi({ corsOrigins: ["https://notes.example"] });
    return {};
  });
  const closed = await evaluate(() => {
    notesApi();
    return {};
  });

  const cors = (graph: typeof open) =>
    only(graph, "aws:apigatewayv2/api:Api", "notes").inputs.corsConfiguration;
  expect(cors(open)).toMatchObject({ allowOrigins: ["https://notes.example"] });
  expect(cors(closed)).toBeUndefined();
});

test("they may send the headers that the routes read, and no other", async () => {
  const graph = await evaluate(() => {
    const api = notesApi({ corsOrigins: ["https://notes.example"] });
    api.route(readNote, ok);
    const headers = { "idempotency-key": { description: "Key", required: false, schema: () => z.string() } };
    api.route({ ...writeNote, headers }, ok);
    return {};
  });

  expect(only(graph, "aws:apigatewayv2/api:Api", "notes").inputs.corsConfiguration).toMatchObject({
    allowHeaders: ["authorization", "content-type", "idempotency-key"],
    exposeHeaders: ["location"],
  });
});

test.each([
  ["/notes/", "notes", "https://api.example.com/notes/"],
  ["team/notes", "team/notes", "https://api.example.com/team/notes/"],
  ["/", "", "https://api.example.com/"],
])("mounted at %s of a domain, it answers there and nowhere else", async (path, apiMappingKey, url) => {
  const graph = await evaluate(() => ({
    url: notesApi({ mount: { domainName: "api.example.com", path } }).url,
  }));

  expect(only(graph, "aws:apigatewayv2/apiMapping:ApiMapping", "notes-mount").inputs).toMatchObject({
    domainName: "api.example.com",
    apiMappingKey,
    stage: "$default",
  });
  expect(only(graph, "aws:apigatewayv2/api:Api", "notes").inputs.disableExecuteApiEndpoint).toBe(true);
  expect(graph.outputs.url).toBe(url);
});

test("not mounted, it answers at the stage's address", async () => {
  const graph = await evaluate(() => ({ url: notesApi().url }));

  expect(graph.outputs.url).toBe("https://notes-stage.example/");
});

test.each([
  [{ functions: { timeoutSeconds: 30 } }, {}],
  [{}, { function: { timeoutSeconds: 30 } }],
])("a function that may take longer than API Gateway waits is refused: %j %j", async (args, options) => {
  const attempt = evaluate(() => {
    notesApi(args).route(readNote, ok, options);
    return {};
  });

  await expect(attempt).rejects.toThrow(/^notes-read-note: timeoutSeconds is 30; .* from 1 to 29/);
});

test("a route that comes after the stage is described is refused, not lost", async () => {
  const api = await evaluateApi();

  expect(() => api.route(readNote, ok)).toThrow(/notes-read-note: route\(\) comes too late/);
});

async function evaluateApi(): Promise<HttpApi> {
  const made: HttpApi[] = [];
  await evaluate(() => {
    made.push(notesApi());
    return {};
  });
  const [api] = made;
  if (!api) {
    throw new Error("the program made no API");
  }
  return api;
}
