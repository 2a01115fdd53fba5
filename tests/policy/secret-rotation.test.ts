import { Secret } from "@pulumi/aws/secretsmanager/secret";
import { SecretRotation } from "@pulumi/aws/secretsmanager/secretRotation";
import { secretRotation } from "../../policy/rules/secret-rotation";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:webhook-AbCdEf";
const webhook = given(Secret, "webhook", { arn, id: arn, name: "webhook" });
const rotation = (props: object) => given(SecretRotation, "rotation", { secretId: arn, ...props });

describe("secret-rotation", () => {
  test.each([
    ["no rotation", []],
    ["the rotation of another", [rotation({ secretId: `${arn}-other` })]],
    ["a rotation that is off", [rotation({ rotationEnabled: false })]],
  ])("refuses a secret with %s", (_, rotations) => {
    expect(judgeStack(secretRotation, [webhook, ...rotations])).toEqual({
      webhook: [expect.stringMatching(/^'webhook' keeps its value .* Add an aws\.secretsmanager\.SecretRot/)],
    });
  });

  test("finds the rotation by dependency in a preview", () => {
    // Prepare
    const planned = given(Secret, "webhook", { arn: unknown, id: unknown });
    const other = given(Secret, "other", { arn: unknown, id: unknown });
    const rotated = given(SecretRotation, "rotation", { secretId: unknown }, { secretId: [planned] });

    // Act
    const messages = judgeStack(secretRotation, [planned, other, rotated]);

    // Assess
    expect(Object.keys(messages)).toEqual(["other"]);
  });

  test.each([
    ["that is rotated", [rotation({})]],
    ["that is rotated by its name", [rotation({ secretId: "webhook" })]],
    ["of which that is not known", [rotation({ rotationEnabled: unknown })]],
    ["when it is not known whose rotation there is", [rotation({ secretId: unknown })]],
  ])("lets a secret pass %s", (_, rotations) => {
    expect(judgeStack(secretRotation, [webhook, ...rotations])).toEqual({});
  });

  test("says nothing of a secret that is exempt with a reason", () => {
    expect(
      judgeStack(secretRotation, [webhook], { exempt: { webhook: "its issuer does not rotate it" } }),
    ).toEqual({});
  });
});
