import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
} from "@aws-sdk/client-iam";
import type * as aws from "@pulumi/aws";
import { iam } from "../../../local/aws/iam";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(iam);
});

afterAll(() => stack.stop());

const readOnly = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const trust = (service: string) => ({
  Version: "2012-10-17" as const,
  Statement: [{ Effect: "Allow" as const, Action: "sts:AssumeRole", Principal: { Service: service } }],
});
const allow = (action: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  });

const createRole = (inputs: Inputs<aws.iam.RoleArgs>) =>
  stack.create<aws.iam.RoleArgs>("aws:iam/role:Role", inputs);

async function rights(RoleName: string) {
  const client = stack.cloud.client(IAMClient);
  const { PolicyNames } = await client.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  return { inline: PolicyNames, managed: AttachedPolicies?.map(({ PolicyArn }) => PolicyArn) };
}

test("a role lives from creation to deletion", async () => {
  // Prepare
  const client = stack.cloud.client(IAMClient);
  const role = await createRole({
    name: "life",
    path: "/service/",
    assumeRolePolicy: trust("lambda.amazonaws.com"),
    description: "first",
    maxSessionDuration: 7200,
    permissionsBoundary: readOnly,
    inlinePolicies: [{ name: "a", policy: allow("sqs:SendMessage") }],
    managedPolicyArns: [readOnly],
    tags: { a: "1", b: "2" },
  });
  const { Role: created } = await client.send(new GetRoleCommand({ RoleName: "life" }));
  const before = await rights("life");

  // Act
  await role.update({
    assumeRolePolicy: JSON.stringify(trust("events.amazonaws.com")),
    description: undefined,
    maxSessionDuration: undefined,
    permissionsBoundary: undefined,
    inlinePolicies: [{ name: "b", policy: allow("sqs:ReceiveMessage") }],
    managedPolicyArns: [],
    tags: { b: "3" },
  });
  const { Role: updated } = await client.send(new GetRoleCommand({ RoleName: "life" }));
  const { Tags } = await client.send(new ListRoleTagsCommand({ RoleName: "life" }));
  const after = await rights("life");
  await role.delete();
  await role.delete();

  // Assess
  expect(role).toMatchObject({
    id: "life",
    outputs: {
      arn: "arn:aws:iam::000000000000:role/service/life",
      assumeRolePolicy: JSON.stringify(trust("lambda.amazonaws.com")),
      uniqueId: created?.RoleId,
    },
  });
  expect(created).toMatchObject({
    Arn: role.outputs.arn,
    Description: "first",
    MaxSessionDuration: 7200,
    PermissionsBoundary: { PermissionsBoundaryArn: readOnly },
  });
  expect(before).toEqual({ inline: ["a"], managed: [readOnly] });
  expect(decodeURIComponent(updated?.AssumeRolePolicyDocument ?? "")).toContain("events.amazonaws.com");
  expect(updated?.MaxSessionDuration).toBe(3600);
  expect(updated?.PermissionsBoundary).toBeUndefined();
  expect(after).toEqual({ inline: ["b"], managed: [] });
  expect(Tags).toEqual([{ Key: "b", Value: "3" }]);
  expect(await role.read()).toBeUndefined();
});

test("a role policy lives from creation to deletion", async () => {
  // Prepare
  const role = await createRole({ name: "holder", assumeRolePolicy: trust("lambda.amazonaws.com") });
  const policy = await stack.create<aws.iam.RolePolicyArgs>("aws:iam/rolePolicy:RolePolicy", {
    name: "send",
    role: role.id,
    policy: allow("sqs:SendMessage"),
  });

  // Act
  await policy.update({ policy: allow("sqs:ReceiveMessage") });
  const get = new GetRolePolicyCommand({ RoleName: "holder", PolicyName: "send" });
  const { PolicyDocument } = await stack.cloud.client(IAMClient).send(get);
  const present = await policy.read();
  await policy.delete();
  await policy.delete();

  // Assess
  expect(policy.id).toBe("holder:send");
  expect(decodeURIComponent(PolicyDocument ?? "")).toBe(allow("sqs:ReceiveMessage"));
  expect(present).toEqual({});
  expect(await policy.read()).toBeUndefined();
});

test("a role that an interrupted run left is replaced with its policies", async () => {
  // Prepare
  const inputs = { name: "left", assumeRolePolicy: trust("lambda.amazonaws.com") };
  await createRole({ ...inputs, inlinePolicies: [{ name: "a", policy: allow("sqs:SendMessage") }] });

  // Act
  await createRole({ ...inputs, managedPolicyArns: [readOnly] });

  // Assess
  expect(await rights("left")).toEqual({ inline: [], managed: [readOnly] });
});
