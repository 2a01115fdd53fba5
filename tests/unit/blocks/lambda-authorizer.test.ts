import { HttpApi, type HttpApiArgs, NoPartners } from "../../../components/http-api";
import type { LambdaAuthorizerArgs } from "../../../components/lambda-authorizer";
import type { Route } from "../../../components/route-contract";
import { Table } from "../../../components/table";
import { UserPool } from "../../../components/user-pool";
import { evaluate, granted, only } from "../program";

const showNote: Route = {
  id: "showNote",
  method: "GET",
  path: "/partner/notes/{id}",
  summary: "Show a note",
  access: "partner",
};
const readNote: Route = { ...showNote, id: "readNote", path: "/notes/{id}", access: "user" };
const ok = async () => ({ statusCode: 200 });
const nobody = async () => ({ isAuthorized: false, context: {} });

const deploy = (partners: Partial<LambdaAuthorizerArgs> = {}, args: Partial<HttpApiArgs> = {}) =>
  evaluate(() => {
    const api = new HttpApi("notes", {
      users: new UserPool("users"),
      throttle: { rate: 10, burst: 20 },
      partners: { handler: nobody, ...partners },
      ...args,
    });
    api.route(showNote, ok);
    api.route(readNote, ok);
    return {};
  });
const authorizerType = "aws:apigatewayv2/authorizer:Authorizer";

test("a partner's key is asked for and judged by a function, whose answer is kept for five minutes", async () => {
  const graph = await deploy();

  expect(only(graph, authorizerType, "notes-partners-authorizer").inputs).toEqual({
    apiId: "notes-id",
    authorizerType: "REQUEST",
    authorizerPayloadFormatVersion: "2.0",
    enableSimpleResponses: true,
    authorizerResultTtlInSeconds: 300,
    identitySources: ["$request.header.x-api-key"],
  });
});

test("the header and how long answers are kept are the API's to choose", async () => {
  const graph = await deploy({ header: "x-partner", cacheSeconds: 0 });

  expect(only(graph, authorizerType, "notes-partners-authorizer").inputs).toMatchObject({
    authorizerResultTtlInSeconds: 0,
    identitySources: ["$request.header.x-partner"],
  });
});

test.each([-1, 3601, 0.5])("answers cannot be kept for %p s", async (cacheSeconds) => {
  await expect(deploy({ cacheSeconds })).rejects.toThrow(
    `notes-partners: cacheSeconds is ${cacheSeconds}; it must be a whole number from 0 to 3600`,
  );
});

test("only a route for partners asks the function, only one for users asks for a token", async () => {
  const graph = await deploy();

  const route = (name: string) => only(graph, "aws:apigatewayv2/route:Route", `notes-${name}-route`).inputs;
  expect(route("show-note")).toMatchObject({
    routeKey: "GET /partner/notes/{id}",
    authorizationType: "CUSTOM",
    authorizerId: "notes-partners-authorizer-id",
  });
  expect(route("show-note")).not.toHaveProperty("authorizationScopes");
  expect(route("read-note")).toMatchObject({ authorizationType: "JWT", authorizerId: "notes-users-id" });
});

test("the API may call the function as this authorizer and for nothing else", async () => {
  const graph = await deploy();

  expect(only(graph, "aws:lambda/permission:Permission", "notes-partners-permission").inputs).toEqual({
    action: "lambda:InvokeFunction",
    function: "notes-partners",
    principal: "apigateway.amazonaws.com",
    sourceArn: "arn:aws:execute-api:eu-west-1:123456789012:notes/authorizers/notes-partners-authorizer-id",
  });
});

test("the function has the rights of its own code, and runs as the API's functions do", async () => {
  const graph = await evaluate(() => {
    const keys = new Table("keys", { attributes: { id: "S" }, key: { partition: "id" } });
    const handler = async () => {
      await keys.sdk.GetItem({ Key: {} });
      return { isAuthorized: true, context: {} };
    };
    const api = new HttpApi("notes", {
      users: new UserPool("users"),
      throttle: { rate: 10, burst: 20 },
      partners: { handler },
      functions: { memoryMb: 512 },
    });
    api.route(showNote, ok);
    return {};
  });

  expect(granted(only(graph, "aws:iam/rolePolicy:RolePolicy", "notes-partners-policy"))).toEqual({
    "dynamodb:GetItem": "arn:aws:dynamodb:eu-west-1:123456789012:keys",
  });
  expect(only(graph, "aws:lambda/function:Function", "notes-partners").inputs.memorySize).toBe(512);
});

test("a route for partners of an API that knows none is refused by name", async () => {
  const attempt = deploy({}, { partners: undefined });

  await expect(attempt).rejects.toThrow(NoPartners);
  await expect(attempt).rejects.toThrow("notes-show-note: the route is for partners; give notes `partners`");
});

test("an API without partners has no such function", async () => {
  const graph = await evaluate(() => {
    new HttpApi("notes", { users: new UserPool("users"), throttle: { rate: 10, burst: 20 } }).route(
      readNote,
      ok,
    );
    return {};
  });

  expect(graph.resources.map(({ name }) => name).filter((name) => name.startsWith("notes-partners"))).toEqual(
    [],
  );
});
