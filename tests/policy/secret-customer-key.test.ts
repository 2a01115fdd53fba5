import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { secretCustomerKey } from "../../policy/rules/secret-customer-key";
import { judge, unknown } from "./judge";

const arn = "arn:aws:kms:eu-west-1:123456789012";

describe("secret-customer-key", () => {
  test.each([
    {},
    { kmsKeyId: "" },
    { kmsKeyId: "alias/aws/secretsmanager" },
    { kmsKeyId: `${arn}:alias/aws/secretsmanager` },
  ])("refuses %j", (props) => {
    expect(judge(secretCustomerKey, Secret, props)).toEqual([
      expect.stringMatching(/^'subject' is encrypted with the key that AWS made .* Set kmsKeyId/),
    ]);
  });

  test.each([
    { kmsKeyId: `${arn}:key/0a1b` },
    { kmsKeyId: "0a1b" },
    { kmsKeyId: "alias/gallery-prod-secrets" },
    { kmsKeyId: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(secretCustomerKey, Secret, props)).toEqual([]);
  });

  test("says nothing of a secret that is exempt with a reason", () => {
    expect(judge(secretCustomerKey, Secret, {}, { exempt: { subject: "made up for the examples" } })).toEqual(
      [],
    );
  });
});
