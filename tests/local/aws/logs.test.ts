import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeResourcePoliciesCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type * as aws from "@pulumi/aws";
import { logs } from "../../../local/aws/logs";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(logs);
});

afterAll(() => stack.stop());

const createGroup = (inputs: Inputs<aws.cloudwatch.LogGroupArgs>) =>
  stack.create<aws.cloudwatch.LogGroupArgs>("aws:cloudwatch/logGroup:LogGroup", inputs);

const createPolicy = (inputs: Inputs<aws.cloudwatch.LogResourcePolicyArgs>) =>
  stack.create<aws.cloudwatch.LogResourcePolicyArgs>(
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    inputs,
  );

async function retentionOf(logGroupNamePrefix: string): Promise<number | undefined> {
  const describe = new DescribeLogGroupsCommand({ logGroupNamePrefix });
  const { logGroups } = await stack.cloud.client(CloudWatchLogsClient).send(describe);
  return logGroups?.[0]?.retentionInDays;
}

const document = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: service }, Action: "logs:PutLogEvents", Resource: "*" },
    ],
  });

const resourceArn = "arn:aws:logs:us-east-1:000000000000:log-group:/with-policy";

test("a log group lives from creation to deletion", async () => {
  // Prepare
  const group = await createGroup({ name: "/life", retentionInDays: 7, tags: { a: "1", b: "2" } });
  await createGroup({ name: "/life-of-another" });
  const created = await retentionOf("/life");

  // Act
  await group.update({ retentionInDays: 14, tags: { b: "3" } });
  const changed = await retentionOf("/life");
  await group.update({ retentionInDays: 0 });
  const forever = await retentionOf("/life");
  const list = new ListTagsForResourceCommand({ resourceArn: String(group.outputs.arn) });
  const { tags } = await stack.cloud.client(CloudWatchLogsClient).send(list);
  const present = await group.read();
  await group.delete();
  await group.delete();

  // Assess
  expect(group.outputs.arn).toBe("arn:aws:logs:us-east-1:000000000000:log-group:/life");
  expect([created, changed, forever]).toEqual([7, 14, undefined]);
  expect(tags).toEqual({ b: "3" });
  expect(present).toEqual({});
  expect(await group.read()).toBeUndefined();
});

test("a log group that an interrupted run left is replaced", async () => {
  // Prepare
  await createGroup({ name: "/left", retentionInDays: 7 });

  // Act
  await createGroup({ name: "/left" });

  // Assess
  expect(await retentionOf("/left")).toBeUndefined();
});

test("a log group with skipDestroy stays", async () => {
  // Prepare
  const group = await createGroup({ name: "/kept", skipDestroy: true });

  // Act
  await group.delete();

  // Assess
  expect(await group.read()).toEqual({});
});

test.each([
  { of: "the account", key: { policyName: "life" }, scope: {}, id: "life" },
  { of: "a log group", key: { resourceArn }, scope: { resourceArn }, id: resourceArn },
])("a resource policy of $of lives from creation to deletion", async ({ key, scope, id }) => {
  // Prepare
  await createGroup({ name: "/with-policy" });
  const policy = await createPolicy({ ...key, policyDocument: document("events.amazonaws.com") });

  // Act
  const outputs = await policy.update({ policyDocument: document("delivery.logs.amazonaws.com") });
  const describe = new DescribeResourcePoliciesCommand(scope);
  const { resourcePolicies } = await stack.cloud.client(CloudWatchLogsClient).send(describe);
  const present = await policy.read();
  await policy.delete();
  await policy.delete();

  // Assess
  expect(policy.id).toBe(id);
  expect(resourcePolicies).toMatchObject([{ policyDocument: document("delivery.logs.amazonaws.com") }]);
  expect(present).toEqual({ revisionId: outputs.revisionId });
  expect(await policy.read()).toBeUndefined();
});
