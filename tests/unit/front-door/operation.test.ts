import { Readable } from "node:stream";
import { Body } from "../../../local/front-door/body";
import { asksOf } from "../../../local/front-door/operation";
import { callOf, jsonCall, type Request, signed } from "./exchange";

const ARN = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:000000000000:${resource}`;

async function askOf(request: Request): Promise<string> {
  const { action, resource } = await callOf(request);
  return `${action} ${resource}`;
}

describe("JSON, named by X-Amz-Target", () => {
  test.each([
    ["dynamodb", "DynamoDB_20120810.PutItem", { TableName: "photos" }, ARN("dynamodb", "table/photos")],
    [
      "dynamodb",
      "DynamoDB_20120810.Query",
      { TableName: "photos", IndexName: "by-owner" },
      ARN("dynamodb", "table/photos/index/by-owner"),
    ],
    ["sqs", "AmazonSQS.SendMessage", { QueueUrl: "http://x/000000000000/jobs" }, ARN("sqs", "jobs")],
    ["events", "AWSEvents.PutEvents", { Entries: [{}] }, ARN("events", "event-bus/default")],
    ["events", "AWSEvents.PutRule", { Name: "r", EventBusName: "b" }, ARN("events", "rule/b/r")],
    ["ssm", "AmazonSSM.GetParameter", { Name: "/gallery/x" }, ARN("ssm", "parameter/gallery/x")],
    ["ssm", "AmazonSSM.GetParameter", { Name: "x" }, ARN("ssm", "parameter/x")],
    ["ssm", "AmazonSSM.GetParameter", { Name: ARN("ssm", "parameter/x") }, ARN("ssm", "parameter/x")],
    ["ssm", "AmazonSSM.AddTagsToResource", { ResourceId: "/x/y" }, ARN("ssm", "parameter/x/y")],
    ["kms", "TrentService.Decrypt", { KeyId: "alias/x" }, ARN("kms", "alias/x")],
    ["kms", "TrentService.Encrypt", { KeyId: "1-2" }, ARN("kms", "key/1-2")],
    ["kms", "TrentService.Encrypt", { KeyId: ARN("kms", "key/1-2") }, ARN("kms", "key/1-2")],
    ["kms", "TrentService.Encrypt", { KeyId: ARN("kms", "alias/x") }, ARN("kms", "alias/x")],
    ["kms", "TrentService.CreateAlias", { AliasName: "alias/x", TargetKeyId: "1" }, ARN("kms", "alias/x")],
    ["kms", "TrentService.Decrypt", { CiphertextBlob: "AQ==" }, "*"],
    ["states", "AWSStepFunctions.SendTaskSuccess", { taskToken: "secret", output: "{}" }, "*"],
    ["states", "AWSStepFunctions.SendTaskFailure", { taskToken: "secret", error: "E" }, "*"],
    ["states", "AWSStepFunctions.SendTaskHeartbeat", { taskToken: "secret" }, "*"],
    ["states", "AWSStepFunctions.CreateStateMachine", { name: "m" }, ARN("states", "stateMachine:m")],
    [
      "states",
      "AWSStepFunctions.DescribeExecution",
      { executionArn: ARN("states", "execution:m:n") },
      ARN("states", "execution:m:n"),
    ],
    [
      "states",
      "AWSStepFunctions.StartExecution",
      { stateMachineArn: ARN("states", "stateMachine:m"), name: "n" },
      ARN("states", "stateMachine:m"),
    ],
    ["secretsmanager", "secretsmanager.GetSecretValue", { SecretId: "s" }, ARN("secretsmanager", "secret:s")],
    [
      "secretsmanager",
      "secretsmanager.RotateSecret",
      { SecretId: ARN("secretsmanager", "secret:a/b-AbCdEf") },
      ARN("secretsmanager", "secret:a/b-AbCdEf"),
    ],
    ["secretsmanager", "secretsmanager.CreateSecret", { Name: "a/b" }, ARN("secretsmanager", "secret:a/b")],
    [
      "cognito-idp",
      "AWSCognitoIdentityProviderService.ListUsers",
      { UserPoolId: "p" },
      ARN("cognito-idp", "userpool/p"),
    ],
    ["xyz", "Xyz_1.TagResource", { ResourceArn: "arn:aws:xyz:::1" }, "arn:aws:xyz:::1"],
  ])("%s %s", async (service, target, body, resource) => {
    expect(await askOf(jsonCall(service, target, body))).toBe(
      `${service}:${target.split(".")[1]} ${resource}`,
    );
  });

  test("a batch asks for every table", async () => {
    const call = await callOf(
      jsonCall("dynamodb", "DynamoDB_20120810.BatchWriteItem", { RequestItems: { a: [], b: [] } }),
    );

    expect(call.resource).toBe(ARN("dynamodb", "table/a"));
    expect(call.further).toEqual([
      { action: "dynamodb:BatchWriteItem", resource: ARN("dynamodb", "table/b") },
    ]);
  });

  test("a transaction asks for what its items do", async () => {
    const TransactItems = [
      { Put: { TableName: "a" } },
      { Put: { TableName: "a" } },
      { ConditionCheck: { TableName: "b" } },
    ];
    const call = await callOf(
      jsonCall("dynamodb", "DynamoDB_20120810.TransactWriteItems", { TransactItems }),
    );

    expect([call, ...call.further].map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `dynamodb:ConditionCheckItem ${ARN("dynamodb", "table/b")}`,
      `dynamodb:PutItem ${ARN("dynamodb", "table/a")}`,
    ]);
  });

  test("a batch of messages asks for the single action", async () => {
    const request = jsonCall("sqs", "AmazonSQS.SendMessageBatch", { QueueUrl: "http://x/1/jobs" });

    expect(await askOf(request)).toBe(`sqs:SendMessage ${ARN("sqs", "jobs")}`);
  });

  test.each(["not JSON", "[", "null", ""])("the body %p names nothing", async (body) => {
    const request = { ...jsonCall("dynamodb", "DynamoDB_20120810.PutItem", {}), body };

    expect(await askOf(request)).toBe("dynamodb:PutItem *");
  });
});

test("Query, named in a form", async () => {
  const request = (service: string, body: string) => ({
    method: "POST",
    headers: {
      authorization: signed(service),
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    },
    body,
  });
  const topic = ARN("sns", "done");

  expect(await askOf(request("sns", `Action=Publish&TopicArn=${encodeURIComponent(topic)}`))).toBe(
    `sns:Publish ${topic}`,
  );
  expect(await askOf(request("iam", "Action=GetRole&RoleName=r"))).toBe(
    "iam:GetRole arn:aws:iam::000000000000:role/r",
  );
});

test("Smithy RPC v2, named in the path, with CBOR", async () => {
  const request = {
    method: "POST",
    url: "/service/GraniteServiceVersion20100801/operation/PutMetricData",
    headers: { authorization: signed("monitoring"), "smithy-protocol": "rpc-v2-cbor" },
    body: Buffer.from("a1694e616d6573706163656747616c6c657279", "hex"),
  };

  expect(await askOf(request)).toBe("cloudwatch:PutMetricData Gallery");
});

describe("REST, named by method and path", () => {
  const functionArn = ARN("lambda", "function:list");

  test.each([
    [
      "lambda",
      "POST",
      "/2015-03-31/functions/list/invocations?Qualifier=live",
      "",
      `lambda:InvokeFunction ${functionArn}`,
    ],
    [
      "lambda",
      "POST",
      `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
      "",
      `lambda:InvokeFunction ${functionArn}`,
    ],
    [
      "lambda",
      "GET",
      `/2017-03-31/tags/${encodeURIComponent(functionArn)}`,
      "",
      `lambda:ListTags ${functionArn}`,
    ],
    [
      "lambda",
      "POST",
      "/2015-03-31/functions",
      '{"FunctionName":"list"}',
      `lambda:CreateFunction ${functionArn}`,
    ],
    [
      "scheduler",
      "POST",
      "/schedules/s",
      '{"GroupName":"g"}',
      `scheduler:CreateSchedule ${ARN("scheduler", "schedule/g/s")}`,
    ],
    [
      "scheduler",
      "GET",
      "/schedules/s?groupName=g",
      "",
      `scheduler:GetSchedule ${ARN("scheduler", "schedule/g/s")}`,
    ],
    [
      "scheduler",
      "DELETE",
      "/schedules/s",
      "",
      `scheduler:DeleteSchedule ${ARN("scheduler", "schedule/default/s")}`,
    ],
    [
      "ses",
      "POST",
      "/v2/email/outbound-emails",
      '{"FromEmailAddress":"a@b.c"}',
      `ses:SendEmail ${ARN("ses", "identity/a@b.c")}`,
    ],
    [
      "ses",
      "POST",
      "/v2/email/outbound-emails",
      '{"FromEmailAddress":"\\"A <b\\" <a@b.c>"}',
      `ses:SendEmail ${ARN("ses", "identity/a@b.c")}`,
    ],
    [
      "ses",
      "POST",
      "/v2/email/outbound-emails",
      `{"FromEmailAddress":"a@b.c","FromEmailAddressIdentityArn":"${ARN("ses", "identity/b.c")}"}`,
      `ses:SendEmail ${ARN("ses", "identity/b.c")}`,
    ],
    [
      "ses",
      "GET",
      "/v2/email/identities/a%40b.c",
      "",
      `ses:GetEmailIdentity ${ARN("ses", "identity/a@b.c")}`,
    ],
    [
      "ses",
      "POST",
      "/v2/email/tags",
      `{"ResourceArn":"${ARN("ses", "identity/b.c")}"}`,
      `ses:TagResource ${ARN("ses", "identity/b.c")}`,
    ],
    [
      "rds-data",
      "POST",
      "/Execute",
      '{"resourceArn":"arn:aws:rds:x"}',
      "rds-data:ExecuteStatement arn:aws:rds:x",
    ],
    ["xray", "POST", "/TraceSegments", "{}", "xray:PutTraceSegments *"],
    [
      "apigateway",
      "POST",
      "/v2/apis/abc/routes",
      "{}",
      "apigateway:POST arn:aws:apigateway:eu-west-1::/apis/abc/routes",
    ],
    ["cloudfront", "GET", "/2020-05-31/distribution/E1", "", "cloudfront:GET /2020-05-31/distribution/E1"],
    ["scheduler", "PUT", "/unheard/of", "", "scheduler:PUT /unheard/of"],
  ])("%s %s %s", async (service, method, url, body, asked) => {
    const headers = { authorization: signed(service), "content-length": String(body.length) };

    expect(await askOf({ method, url, headers, body })).toBe(asked);
  });
});

test("an object's body is not looked into", async () => {
  const asked = jest.fn();
  const body = new Body(Readable.from([Buffer.from("picture")]), asked);
  const head = { method: "PUT", path: "/pictures/1.jpg", query: new URLSearchParams(), headers: {} };

  expect(await asksOf(head, body, { service: "s3", region: "eu-west-1" }, "1")).toEqual([
    { action: "s3:PutObject", resource: "arn:aws:s3:::pictures/1.jpg" },
  ]);
  expect(asked).not.toHaveBeenCalled();
});
