import { Key } from "@pulumi/aws/kms/key";
import { kmsKeyRotation } from "../../policy/rules/kms-key-rotation";
import { judge, unknown } from "./judge";

describe("kms-key-rotation", () => {
  test.each([{}, { enableKeyRotation: false }, { customerMasterKeySpec: "SYMMETRIC_DEFAULT" }])(
    "refuses %j",
    (props) => {
      expect(judge(kmsKeyRotation, Key, props)).toEqual([
        expect.stringMatching(/^'subject' keeps the same key material for ever\. Set enableKeyRotation/),
      ]);
    },
  );

  test.each([
    { enableKeyRotation: true },
    { enableKeyRotation: unknown },
    // KMS rotates none of these.
    { customerMasterKeySpec: "RSA_2048" },
    { customKeyStoreId: "cks-1" },
    { customerMasterKeySpec: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(kmsKeyRotation, Key, props)).toEqual([]);
  });

  test("says nothing of a key that is exempt with a reason", () => {
    expect(judge(kmsKeyRotation, Key, {}, { exempt: { subject: "rotated by hand each month" } })).toEqual([]);
  });
});
