import type * as aws from "@pulumi/aws";
import { answerInvoke, ParameterMissing, UnknownInvoke } from "../../../local/aws/invokes";
import { ssm } from "../../../local/aws/ssm";
import { Stack } from "./stack";

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start(ssm);
  for (const type of ["String", "SecureString"]) {
    const inputs = { name: `/gallery/${type}`, type, value: "word" };
    await stack.create<aws.ssm.ParameterArgs>("aws:ssm/parameter:Parameter", inputs);
  }
});

afterAll(() => stack.stop());

const getParameter = (args: Partial<aws.ssm.GetParameterArgs>) =>
  answerInvoke("aws:ssm/getParameter:getParameter", args, stack.cloud);

test("getParameter answers what the provider does", async () => {
  const result = await getParameter({ name: "/gallery/String" });

  expect(result).toEqual({
    arn: "arn:aws:ssm:us-east-1:000000000000:parameter/gallery/String",
    id: "/gallery/String",
    insecureValue: "word",
    name: "/gallery/String",
    region: "us-east-1",
    type: "String",
    value: "word",
    version: 1,
    withDecryption: true,
  });
});

test("getParameter tells the value of a SecureString unless it is to stay encrypted", async () => {
  const name = "/gallery/SecureString";

  const open = await getParameter({ name });
  const closed = await getParameter({ name, withDecryption: false });

  expect(open).toMatchObject({ insecureValue: "", type: "SecureString", value: "word" });
  expect(closed.value).not.toBe("word");
});

test("a parameter that is missing is named", async () => {
  const answer = getParameter({ name: "/gallery/none" });

  await expect(answer).rejects.toThrow(ParameterMissing);
  await expect(answer).rejects.toThrow('the parameter "/gallery/none"');
});

test("a function nobody answers is refused", async () => {
  const answer = answerInvoke("aws:ec2/getVpc:getVpc", {}, stack.cloud);

  await expect(answer).rejects.toThrow(UnknownInvoke);
  await expect(answer).rejects.toThrow("aws:ec2/getVpc:getVpc");
});
