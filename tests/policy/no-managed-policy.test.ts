import { PolicyAttachment } from "@pulumi/aws/iam/policyAttachment";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment";
import { RolePolicyAttachmentsExclusive } from "@pulumi/aws/iam/rolePolicyAttachmentsExclusive";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { noManagedPolicy } from "../../policy/rules/no-managed-policy";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:iam::123456789012:role/list";
const managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
const role = given(Role, "list-role", { name: "list", arn });
const list = given(LambdaFunction, "list", { role: arn });

describe("no-managed-policy", () => {
  test("refuses managed policies that the role itself names", () => {
    // Prepare
    const own = given(Role, "list-role", { arn, managedPolicyArns: [managed] });

    // Act
    const messages = judgeStack(noManagedPolicy, [own, list]);

    // Assess
    expect(messages).toEqual({
      list: [
        "'list' runs as role 'list-role', whose managedPolicyArns are not empty. Allow the function what it calls in an inline policy of its role.",
      ],
    });
  });

  test.each([
    given(RolePolicyAttachment, "attachment", { role: "list", policyArn: managed }),
    given(RolePolicyAttachment, "attachment", { role: unknown, policyArn: managed }, { role: [role] }),
    given(PolicyAttachment, "attachment", { roles: ["other", "list"], policyArn: managed }),
    given(PolicyAttachment, "attachment", { roles: unknown, policyArn: managed }, { roles: [role] }),
    given(RolePolicyAttachmentsExclusive, "attachment", { roleName: "list", policyArns: [managed] }),
  ])("refuses an attachment: $type", (attachment) => {
    // Act
    const messages = judgeStack(noManagedPolicy, [role, list, attachment]);

    // Assess
    expect(messages).toEqual({ list: [expect.stringContaining("to which 'attachment' attaches")] });
  });

  test.each([
    given(RolePolicyAttachment, "attachment", { role: "deployer", policyArn: managed }),
    given(PolicyAttachment, "attachment", { groups: ["admins"], policyArn: managed }),
    given(RolePolicyAttachmentsExclusive, "attachment", { roleName: "list", policyArns: [] }),
  ])("lets one pass that is of no function's role, or forbids: $type", (attachment) => {
    // Act
    const messages = judgeStack(noManagedPolicy, [role, list, attachment]);

    // Assess
    expect(messages).toEqual({});
  });

  test("says nothing of what a preview does not know", () => {
    // Prepare
    const own = given(Role, "list-role", { arn: unknown, managedPolicyArns: unknown });
    const invoked = given(LambdaFunction, "list", { role: unknown }, { role: [own] });

    // Act
    const messages = judgeStack(noManagedPolicy, [own, invoked]);

    // Assess
    expect(messages).toEqual({});
  });
});
