import { Callers } from "../../../local/front-door/caller";
import { callOf, jsonCall, signed } from "./exchange";

const HOST = { host: "127.0.0.1:4566" };

test("an AWS call", async () => {
  expect(await callOf(jsonCall("dynamodb", "DynamoDB_20120810.GetItem", { TableName: "photos" }))).toEqual({
    kind: "aws",
    service: "dynamodb",
    action: "dynamodb:GetItem",
    resource: "arn:aws:dynamodb:eu-west-1:000000000000:table/photos",
    further: [],
    region: "eu-west-1",
    caller: { name: "deployer" },
  });
});

test("a function's AWS call names function, role and account", async () => {
  const callers = new Callers();
  callers.learn("arn:aws:lambda:eu-west-1:111111111111:function:list", "arn:aws:iam::111111111111:role/r");
  const key = "ASIA2EA46346CA9B113A";
  const call = await callOf(
    jsonCall("dynamodb", "DynamoDB_20120810.GetItem", { TableName: "t" }, key),
    callers,
  );

  expect(call.caller).toEqual({ name: "list", function: "list", role: "r" });
  expect(call.resource).toBe("arn:aws:dynamodb:eu-west-1:111111111111:table/t");
});

test("an API request", async () => {
  const token = `e30.${Buffer.from('{"sub":"ada"}').toString("base64url")}.x`;
  const headers = { ...HOST, authorization: `Bearer ${token}` };

  expect(await callOf({ url: "/_aws/execute-api/abc/live/photos/1?token=secret", headers })).toEqual({
    kind: "api",
    service: "execute-api",
    action: "execute-api:Invoke",
    resource: "abc/live/GET/photos/1",
    further: [],
    region: undefined,
    caller: { name: "ada" },
    api: { apiId: "abc", stage: "live", path: "/photos/1" },
  });
});

test("an API request signed for IAM authorisation", async () => {
  const call = await callOf({
    url: "/_aws/execute-api/abc/live/photos",
    headers: { ...HOST, authorization: signed("execute-api", "ASIA1") },
  });

  expect(call).toMatchObject({ kind: "api", caller: { name: "ASIA1" }, region: "eu-west-1" });
});

test("a WebSocket connection", async () => {
  const call = await callOf({ url: "/_aws/execute-api/abc/live", headers: HOST, upgrade: true });

  expect(call).toMatchObject({ kind: "api", resource: "abc/live/$connect" });
});

test("managing WebSocket connections is an AWS call", async () => {
  const call = await callOf({
    method: "POST",
    url: "/_aws/execute-api/abc/live/@connections/c1",
    headers: { ...HOST, authorization: signed("execute-api") },
  });

  expect(call).toMatchObject({
    kind: "aws",
    action: "execute-api:ManageConnections",
    resource: "abc/live/POST/@connections/c1",
  });
  expect(call.api).toBeUndefined();
});

test("a presigned URL is an AWS call", async () => {
  const credential = encodeURIComponent("ASIA1/20260102/eu-west-1/s3/aws4_request");
  const url = `/pictures/1.jpg?X-Amz-Credential=${credential}&X-Amz-Signature=secret`;

  expect(await callOf({ method: "PUT", url, headers: HOST })).toMatchObject({
    kind: "aws",
    action: "s3:PutObject",
    resource: "arn:aws:s3:::pictures/1.jpg",
    caller: { name: "ASIA1" },
  });
});

test("a browser's form upload is an AWS call", async () => {
  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const body = `${field("key", "in/1.jpg")}${field("X-Amz-Credential", "ASIA1/20260102/eu-west-1/s3/aws4_request")}--x--`;

  expect(
    await callOf({
      method: "POST",
      url: "/pictures",
      headers: { ...HOST, "content-type": "multipart/form-data; boundary=x" },
      body,
    }),
  ).toMatchObject({ kind: "aws", action: "s3:PutObject", resource: "arn:aws:s3:::pictures/in/1.jpg" });
});

test("a sign-in needs no credentials and is an API request", async () => {
  const { method, headers, body } = jsonCall("-", "AWSCognitoIdentityProviderService.InitiateAuth", {
    ClientId: "web",
    AuthParameters: { PASSWORD: "secret" },
  });
  const { authorization: _, ...unsigned } = headers ?? {};

  expect(await callOf({ method, headers: unsigned, body })).toMatchObject({
    kind: "api",
    action: "cognito-idp:InitiateAuth",
    resource: "web",
    caller: { name: "anonymous" },
  });
});

test("another AWS call that nobody signed", async () => {
  const headers = { "x-amz-target": "DynamoDB_20120810.ListTables" };

  expect(await callOf({ method: "POST", headers, body: "{}" })).toMatchObject({
    kind: "aws",
    action: "dynamodb:ListTables",
    caller: { name: "anonymous" },
  });
});

test.each([
  ["/eu-west-1_aBc123/.well-known/jwks.json", "cognito-idp:Jwks_GET", "eu-west-1_aBc123"],
  ["/oauth2/authorize?client_id=web&state=secret", "cognito-idp:Authorize_GET", "web"],
  ["/logout", "cognito-idp:Logout_GET", "*"],
])("a page of a user pool: %s", async (url, action, resource) => {
  expect(await callOf({ url, headers: HOST })).toMatchObject({ kind: "api", action, resource });
});

test("anything else", async () => {
  expect(await callOf({ url: "/_health?a=b", headers: HOST })).toEqual({
    kind: "other",
    service: "",
    action: "GET",
    resource: "/_health",
    further: [],
    region: undefined,
    caller: { name: "anonymous" },
  });
});
