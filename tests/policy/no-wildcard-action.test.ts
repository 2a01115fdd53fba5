import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Key } from "@pulumi/aws/kms/key";
import { Permission } from "@pulumi/aws/lambda/permission";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import * as fc from "fast-check";
import { noWildcardAction } from "../../policy/rules/no-wildcard-action";
import { judge, unknown } from "./judge";

const document = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

describe("no-wildcard-action", () => {
  test.each(["*", "dynamodb:*", "dynamodb:Get*", "s3:Get?bject"])("refuses %s", (action) => {
    // Prepare
    const policy = document({ Effect: "Allow", Action: ["sqs:SendMessage", action], Resource: "*" });

    // Act
    const messages = judge(noWildcardAction, RolePolicy, { policy });

    // Assess
    expect(messages).toEqual([
      `'subject' allows '${action}' in 'policy'. Name each action that the code calls.`,
    ]);
  });

  test("refuses it in the policy of a resource, and in a document that is no text yet", () => {
    // Prepare
    const policy = { Statement: { Effect: "Allow", Action: "sqs:*", Principal: "*" } };

    // Act
    const messages = judge(noWildcardAction, QueuePolicy, { policy });

    // Assess
    expect(messages).toHaveLength(1);
  });

  test("refuses NotAction, which allows all the rest", () => {
    // Prepare
    const policy = document({ Effect: "Allow", NotAction: "iam:CreateUser", Resource: "*" });

    // Act
    const messages = judge(noWildcardAction, RolePolicy, { policy });

    // Assess
    expect(messages).toEqual([expect.stringContaining("by NotAction in 'policy'")]);
  });

  test("refuses it in a permission to invoke", () => {
    // Act
    const messages = judge(noWildcardAction, Permission, { action: "lambda:*" });

    // Assess
    expect(messages).toHaveLength(1);
  });

  test("lets a denial be as wide as it likes", () => {
    // Prepare
    const policy = document({ Effect: "Deny", Action: "s3:*", Resource: "*", Principal: "*" });

    // Act
    const messages = judge(noWildcardAction, BucketPolicy, { policy });

    // Assess
    expect(messages).toEqual([]);
  });

  test("lets an account keep its keys", () => {
    // Prepare
    const policy = document({ Effect: "Allow", Action: "kms:*", Resource: "*" });

    // Act
    const messages = judge(noWildcardAction, Key, { policy });

    // Assess
    expect(messages).toEqual([]);
  });

  test("says nothing of a document that a preview does not know", () => {
    // Act
    const messages = judge(noWildcardAction, RolePolicy, { policy: unknown });

    // Assess
    expect(messages).toEqual([]);
  });

  test("lets any action pass that is named", () => {
    const name = fc.stringMatching(/^[a-z0-9-]+:[A-Z][A-Za-z]*$/);
    fc.assert(
      fc.property(fc.array(name), (actions) => {
        const policy = document({ Effect: "Allow", Action: actions, Resource: "*" });
        expect(judge(noWildcardAction, RolePolicy, { policy })).toEqual([]);
      }),
    );
  });
});
