import * as pulumi from "@pulumi/pulumi";
import { checkGraph } from "../../../local/checks";
import type { Resource } from "../../../local/engine/resource";
import {
  apiArn,
  bareFunction,
  functionArn,
  logging,
  permission,
  policyText,
  problems,
  queue,
  queueArn,
  queuePolicy,
  resource,
  role,
  roleArn,
  rolePolicy,
  topic,
  topicArn,
} from "./graph-builder";

const unknown: unknown = pulumi.runtime.deserializeProperty(pulumi.runtime.unknownValue, true);
const managedArn = "arn:aws:iam::000000000000:policy/logging";
const fn = bareFunction("f");

function policy(document: string): Resource {
  return resource("aws:iam/policy:Policy", "logging", { policy: document }, { arn: managedArn });
}

function attachment(policyArn: unknown): Resource {
  return resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", {
    role: "f-role",
    policyArn,
  });
}

/** The role of the function. */
function own(inputs: Resource["inputs"] = {}): Resource {
  return role("f-role", "lambda.amazonaws.com", inputs);
}

const text = policyText(logging("f"));

describe("a role's policies", () => {
  test.each([
    ["a policy resource", [own(), rolePolicy("f-role", logging("f"))]],
    ["an inline policy", [own({ inlinePolicies: [{ name: "logging", policy: text }] })]],
    ["a managed policy on the role", [own({ managedPolicyArns: [managedArn] }), policy(text)]],
    ["an attachment", [own(), policy(text), attachment(managedArn)]],
    [
      "an attachment to several roles",
      [
        own(),
        policy(text),
        resource("aws:iam/policyAttachment:PolicyAttachment", "all", {
          roles: ["f-role"],
          policyArn: managedArn,
        }),
      ],
    ],
  ])("stand in %s", (_, graph) => {
    expect(problems([fn, ...graph])).toEqual([]);
    const emptied = graph.map((each) => JSON.parse(JSON.stringify(each).replaceAll("logs:", "none:")));
    expect(problems([fn, ...emptied])).toHaveLength(1);
  });

  test.each([
    [
      "a policy",
      [own(), resource("aws:iam/rolePolicy:RolePolicy", "p", { role: "f-role", policy: unknown })],
    ],
    [
      "whose policy",
      [own(), resource("aws:iam/rolePolicy:RolePolicy", "p", { role: unknown, policy: text })],
    ],
    ["an inline policy", [own({ inlinePolicies: [{ policy: unknown }] })]],
    ["the inline policies", [own({ inlinePolicies: unknown })]],
    ["the managed policies", [own({ managedPolicyArns: unknown })]],
    ["an attached policy", [own(), attachment(unknown)]],
    ["AWS's own policy", [own(), attachment("arn:aws:iam::aws:policy/AWSLambda_FullAccess")]],
    ["the role", []],
  ])("are given the benefit of the doubt where the plan does not know %s", (_, graph) => {
    expect(problems([fn, ...graph])).toEqual([]);
  });

  test("are limited by the permissions boundary", () => {
    const boundary = (document: string) => [
      fn,
      own({ permissionsBoundary: managedArn }),
      rolePolicy("f-role", logging("f")),
      policy(document),
    ];

    expect(checkGraph(boundary(text))).toEqual([]);
    expect(checkGraph(boundary(policyText({ Action: "sqs:*", Resource: "*" })))).toMatchObject([
      { fix: expect.stringContaining("Add to logging a statement that allows logs:CreateLogStream and") },
    ]);
  });

  test("name the policy that denies", () => {
    const denying = { Effect: "Deny", Action: "logs:PutLogEvents", Resource: "*" } as const;

    const findings = checkGraph([fn, own(), rolePolicy("f-role", logging("f"), denying)]);

    expect(findings).toMatchObject([
      {
        problem: expect.stringContaining(
          "although function f writes its log there; f-role-policy denies it.",
        ),
        fix: "Narrow what f-role-policy denies.",
      },
    ]);
  });

  test("tell of a condition that cannot be judged", () => {
    const tagged = { ...logging("f"), Condition: { StringEquals: { "aws:PrincipalTag/team": "photos" } } };

    expect(problems([fn, own(), rolePolicy("f-role", tagged)])).toEqual([
      expect.stringContaining(
        "f-role-policy allows it only with StringEquals aws:PrincipalTag/team photos (which cannot be judged here).",
      ),
    ]);
  });

  test("are not needed where the resource's own policy names the role", () => {
    const config = resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "c", {
      functionName: "f",
      destinationConfig: { onFailure: { destination: queueArn("failed") } },
    });
    const graph = [fn, own(), rolePolicy("f-role", logging("f")), config];
    const policyOf = (principal: string) =>
      policyText({ Action: "sqs:SendMessage", Resource: queueArn("failed"), Principal: { AWS: principal } });

    expect(problems([...graph, queue("failed", { policy: policyOf(roleArn("f-role")) })])).toEqual([]);
    expect(problems([...graph, queue("failed", { policy: policyOf(roleArn("other")) })])).toHaveLength(1);
  });
});

describe("a resource's policy", () => {
  const subscription = (protocol: string, endpoint: string) => [
    topic("t"),
    resource("aws:sns/topicSubscription:TopicSubscription", "s", {
      topic: topicArn("t"),
      protocol,
      endpoint,
    }),
  ];
  const toFunction = [
    fn,
    own(),
    rolePolicy("f-role", logging("f")),
    ...subscription("lambda", functionArn("f")),
  ];
  const toQueue = subscription("sqs", queueArn("q"));

  test.each([
    ["the function's name", { function: "f" }],
    ["its ARN", { function: functionArn("f") }],
    ["a part of its ARN", { function: "000000000000:function:f" }],
    ["a wildcard of sources", { sourceArn: "arn:aws:sns:*:*:t" }],
    ["a function that the plan does not know", { function: unknown }],
    ["a version that the plan does not know", { qualifier: unknown }],
    ["a source that the plan does not know", { sourceArn: unknown }],
    ["a principal that the plan does not know", { principal: unknown }],
  ])("of a function knows %s", (_, inputs) => {
    expect(problems([...toFunction, permission("f", "sns.amazonaws.com", inputs)])).toEqual([]);
  });

  test.each([
    ["another function", { function: "g" }],
    ["another action", { action: "lambda:GetFunction" }],
    ["another source", { sourceArn: topicArn("u") }],
    ["another account", { sourceAccount: "111111111111" }],
    ["an organisation", { principalOrgId: "o-1" }],
    ["an alias", { qualifier: "live" }],
  ])("of a function tells %s apart", (_, inputs) => {
    expect(problems([...toFunction, permission("f", "sns.amazonaws.com", inputs)])).toHaveLength(1);
  });

  test("of a queue stands on the queue or beside it, by the queue's id or URL", () => {
    const beside = queuePolicy("q", "sns.amazonaws.com", topicArn("t"));

    expect(problems([...toQueue, queue("q"), beside])).toEqual([]);
    expect(
      problems([...toQueue, queue("q"), { ...beside, inputs: { ...beside.inputs, queueUrl: "q" } }]),
    ).toEqual([]);
    expect(problems([...toQueue, queue("q", { policy: beside.inputs.policy })])).toEqual([]);
    expect(problems([...toQueue, queue("q", { policy: unknown })])).toEqual([]);
    expect(problems([...toQueue, queue("q")])).toHaveLength(1);
  });

  test("may insist on encrypted transport", () => {
    const insisting = policyText(
      { Action: "sqs:SendMessage", Principal: { Service: "sns.amazonaws.com" } },
      {
        Effect: "Deny",
        Action: "sqs:*",
        Principal: "*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    );

    expect(problems([...toQueue, queue("q", { policy: insisting })])).toEqual([]);
  });
});

test("what the plan does not know yet is passed over", () => {
  const graph = [
    resource("aws:lambda/eventSourceMapping:EventSourceMapping", "m", {
      functionName: unknown,
      eventSourceArn: unknown,
    }),
    resource("aws:sns/topicSubscription:TopicSubscription", "s", {
      topic: unknown,
      protocol: "lambda",
      endpoint: unknown,
    }),
    bareFunction("g", { role: unknown }),
    bareFunction("h", { role: roleArn("f-role"), loggingConfig: { logGroup: unknown } }),
    own(),
    resource("aws:apigatewayv2/integration:Integration", "i", {
      apiId: "a",
      integrationUri: functionArn("g"),
      credentialsArn: unknown,
    }),
    resource("aws:apigatewayv2/route:Route", "r", {
      apiId: "a",
      routeKey: "GET /",
      target: "integrations/i",
    }),
    resource("aws:apigatewayv2/api:Api", "a", {}, { executionArn: apiArn("a") }),
    resource("aws:apigateway/integration:Integration", "j", {
      restApi: "b",
      httpMethod: "GET",
      uri: functionArn("g"),
      credentials: unknown,
    }),
    resource("aws:apigateway/restApi:RestApi", "b", {}, { executionArn: apiArn("b") }),
    resource("aws:scheduler/schedule:Schedule", "n", { target: unknown }),
    resource("aws:s3/bucketNotification:BucketNotification", "b", { bucket: unknown, queues: [unknown] }),
  ];

  expect(problems(graph)).toEqual([]);
});
