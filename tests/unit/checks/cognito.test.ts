import { unknown } from "@pulumi/pulumi";
import type { Properties, Resource } from "../../../local/engine/resource";
import {
  arn,
  functionArn,
  permission,
  policyText,
  problems,
  resource,
  role,
  roleArn,
  rolePolicy,
  testNeeds,
  workingFunction,
} from "./graph-builder";

const principal = "cognito-idp.amazonaws.com";
const poolArn = arn("cognito-idp", "userpool/eu-west-1_1");
const keyArn = arn("kms", "key/codes");

function userPool(inputs: Properties): Resource {
  return resource("aws:cognito/userPool:UserPool", "users", inputs, { arn: poolArn });
}

const texting = userPool({ smsConfiguration: { snsCallerArn: roleArn("texts"), externalId: "gallery" } });
const publishing = rolePolicy("texts", { Action: "sns:Publish", Resource: "*" });
const trusting = role("texts", principal);

/** A role that Cognito may take on a condition. */
const trustingOn = (operator: string, values: Record<string, string>) =>
  role("texts", principal, {
    assumeRolePolicy: policyText({
      Action: "sts:AssumeRole",
      Principal: { Service: principal },
      Condition: { [operator]: values },
    }),
  });

const key = (inputs: Properties = {}) => resource("aws:kms/key:Key", "codes", inputs, { arn: keyArn });
const decrypting = { Action: "kms:Decrypt", Resource: keyArn };
const sending = (trigger: string) =>
  userPool({
    lambdaConfig: { kmsKeyId: keyArn, [trigger]: { lambdaArn: functionArn("f"), lambdaVersion: "V1_0" } },
  });
const invoked = permission("f", principal, { sourceArn: poolArn });

testNeeds([
  {
    need: "a user pool invokes a trigger with settings for it alone",
    met: [
      ...workingFunction("f"),
      userPool({
        lambdaConfig: {
          preTokenGenerationConfig: { lambdaArn: functionArn("f"), lambdaVersion: "V3_0" },
        },
      }),
      invoked,
    ],
    missed: [
      ...workingFunction("f"),
      userPool({
        lambdaConfig: {
          preTokenGenerationConfig: { lambdaArn: functionArn("f"), lambdaVersion: "V3_0" },
        },
      }),
      permission("f", principal, { sourceArn: `${poolArn}0` }),
    ],
    problem:
      "Function f may not be invoked by cognito-idp.amazonaws.com, " +
      "although user pool users has it as its preTokenGenerationConfig trigger; " +
      `f-permission allows it only with ArnLike AWS:SourceArn ${poolArn}0 (here it is <arn of users>).`,
  },
  {
    need: "a user pool takes the role of its text messages",
    met: [texting, trusting, publishing],
    missed: [texting, role("texts", "sns.amazonaws.com"), publishing],
    problem:
      "Role texts may not be taken by cognito-idp.amazonaws.com, " +
      "although user pool users sends text messages with it.",
  },
  {
    need: "the role of text messages demands the pool's external id",
    met: [texting, trustingOn("StringEquals", { "sts:ExternalId": "gallery" }), publishing],
    missed: [texting, trustingOn("StringEquals", { "sts:ExternalId": "other" }), publishing],
    problem:
      "Role texts may not be taken by cognito-idp.amazonaws.com, " +
      "although user pool users sends text messages with it; " +
      "texts allows it only with StringEquals sts:ExternalId other (here it is gallery).",
  },
  {
    need: "the role of text messages is for the pool",
    met: [texting, trustingOn("ArnLike", { "aws:SourceArn": poolArn }), publishing],
    missed: [texting, trustingOn("ArnLike", { "aws:SourceArn": `${poolArn}0` }), publishing],
    problem:
      "Role texts may not be taken by cognito-idp.amazonaws.com, " +
      "although user pool users sends text messages with it; " +
      `texts allows it only with ArnLike aws:SourceArn ${poolArn}0 (here it is <arn of users>).`,
  },
  {
    need: "the role of text messages publishes to phone numbers, and may be kept from topics",
    met: [
      texting,
      trusting,
      rolePolicy(
        "texts",
        { Action: "sns:Publish", Resource: "*" },
        { Effect: "Deny", Action: "sns:Publish", Resource: "arn:aws:sns:*:*:*" },
      ),
    ],
    missed: [
      texting,
      trusting,
      rolePolicy("texts", { Action: "sns:Publish", Resource: "arn:aws:sns:*:*:*" }),
    ],
    problem:
      "Role texts does not allow sns:Publish on *, although user pool users sends text messages with it.",
  },
  ...["customEmailSender", "customSmsSender"].map((trigger) => ({
    need: `a function decrypts the codes it sends as ${trigger}`,
    met: [...workingFunction("f", decrypting), key(), sending(trigger), invoked],
    missed: [...workingFunction("f"), key(), sending(trigger), invoked],
    problem:
      "Role f-role does not allow kms:Decrypt on <arn of codes>, " +
      "although user pool users encrypts with it the codes that f sends.",
  })),
]);

test("a key's own policy may let the function decrypt", () => {
  const own = key({ policy: policyText({ Action: "kms:Decrypt", Principal: { AWS: roleArn("f-role") } }) });

  expect(problems([...workingFunction("f"), own, sending("customEmailSender"), invoked])).toEqual([]);
});

test("a policy that allows what is no topic lets the role publish to phone numbers", () => {
  const policy = JSON.stringify({
    Statement: { Effect: "Allow", Action: "sns:Publish", NotResource: "arn:aws:sns:*:*:*" },
  });
  const own = resource("aws:iam/rolePolicy:RolePolicy", "texts-policy", { role: "texts", policy });

  expect(problems([texting, trusting, own])).toEqual([]);
});

test("an external id that the plan does not know may be the one that the role demands", () => {
  const planned = userPool({ smsConfiguration: { snsCallerArn: roleArn("texts"), externalId: unknown } });
  const demanding = trustingOn("StringEquals", { "sts:ExternalId": "gallery" });

  expect(problems([planned, demanding, publishing])).toEqual([]);
});
