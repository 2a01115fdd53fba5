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

test("it is mounted below a path of a domain", async () => {
  const graph = await evaluate(() => {
    notesApi({ mount: { domainName: "api.example.com", path: "/notes/" } });
    return {};
  });

  expect(only(graph, "aws:apigatewayv2/apiMapping:ApiMapping", "notes-mount").inputs).toMatchObject({
    domainName: "api.example.com",
    apiMappingKey: "notes",
    stage: "$default",
  });
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
