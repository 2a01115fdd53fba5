import { DescribeParametersCommand, ListTagsForResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import type * as aws from "@pulumi/aws";
import { kms } from "../../../local/aws/kms";
import { readParameter, ssm } from "../../../local/aws/ssm";
import type { Inputs } from "../../../local/engine/resource";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(ssm, kms);
});

afterAll(() => stack.stop());

const createParameter = (inputs: Inputs<aws.ssm.ParameterArgs>) =>
  stack.create<aws.ssm.ParameterArgs>("aws:ssm/parameter:Parameter", inputs);

async function stateOf(name: string) {
  const found = await readParameter(name, stack.cloud);
  const client = stack.cloud.client(SSMClient);
  const filter = { Key: "Name", Option: "Equals", Values: [name] };
  const { Parameters } = await client.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
  const { TagList } = await client.send(
    new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: name }),
  );
  const [{ Description: description, KeyId: keyId } = {}] = Parameters ?? [];
  return {
    arn: found?.ARN,
    type: found?.Type,
    value: found?.Value,
    version: found?.Version,
    description,
    keyId,
    tags: TagList,
  };
}

test("a parameter lives from creation to deletion", async () => {
  // Prepare
  const parameter = await createParameter({
    name: "/gallery/life",
    type: "String",
    value: "first",
    description: "of life",
    tags: { a: "1", b: "2" },
  });
  const created = await stateOf("/gallery/life");

  // Act
  const outputs = await parameter.update({ value: "second", description: undefined, tags: { b: "3" } });
  const updated = await stateOf("/gallery/life");
  const present = await parameter.read();
  await parameter.delete();
  await parameter.delete();

  // Assess
  expect(parameter).toMatchObject({
    id: "/gallery/life",
    outputs: { arn: created.arn, insecureValue: "first", tier: "Standard", value: "first", version: 1 },
  });
  expect(created).toMatchObject({ description: "of life", type: "String", value: "first" });
  expect(updated).toMatchObject({ description: "", value: "second", version: 2 });
  expect(updated.tags).toEqual([{ Key: "b", Value: "3" }]);
  expect(outputs).toMatchObject({ value: "second", version: 2 });
  expect(present).toEqual({ version: 2 });
  expect(await parameter.read()).toBeUndefined();
});

test("a SecureString is kept under its key", async () => {
  // Prepare
  const key = await stack.create<aws.kms.KeyArgs>("aws:kms/key:Key", {});

  // Act
  const own = await createParameter({ name: "own", type: "SecureString", value: "a", keyId: key.id });
  const other = await createParameter({ name: "other", type: "SecureString", value: "b" });

  // Assess
  expect(await stateOf("own")).toMatchObject({ keyId: key.id, type: "SecureString", value: "a" });
  expect(await stateOf("other")).toMatchObject({ keyId: "alias/aws/ssm" });
  expect(own.outputs).toMatchObject({ insecureValue: "", keyId: key.id, value: "a" });
  expect(other.outputs).toMatchObject({ keyId: "alias/aws/ssm" });
  expect((await readParameter("own", stack.cloud, false))?.Value).not.toBe("a");
});

test("a write-only value is written anew with a new version of it, and shows nowhere", async () => {
  // Prepare
  const inputs = { name: "unseen", type: "SecureString", valueWo: "first", valueWoVersion: 1 };
  const parameter = await createParameter(inputs);
  const created = await stateOf("unseen");

  // Act
  await parameter.update({ valueWo: "not yet", description: "other" });
  const described = await stateOf("unseen");
  const outputs = await parameter.update({ valueWo: "second", valueWoVersion: 2 });
  const updated = await stateOf("unseen");

  // Assess
  expect(parameter.outputs).toMatchObject({ hasValueWo: true, value: "" });
  expect(outputs).toMatchObject({ hasValueWo: true, value: "" });
  expect([created, described, updated].map(({ value }) => value)).toEqual(["first", "first", "second"]);
  expect(described.description).toBe("other");
});

test("a parameter that an interrupted run left is replaced", async () => {
  // Prepare
  await createParameter({ name: "left", type: "String", value: "old", tags: { a: "1" } });

  // Act
  const parameter = await createParameter({ name: "left", type: "StringList", value: "a,b" });

  // Assess
  expect(await stateOf("left")).toMatchObject({ tags: [], type: "StringList", value: "a,b", version: 1 });
  expect(parameter.outputs.version).toBe(1);
});
