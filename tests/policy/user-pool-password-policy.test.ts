import { UserPool } from "@pulumi/aws/cognito/userPool";
import { userPoolPasswordPolicy } from "../../policy/rules/user-pool-password-policy";
import { judge, unknown } from "./judge";

const strong = {
  minimumLength: 8,
  requireLowercase: true,
  requireUppercase: true,
  requireNumbers: true,
  requireSymbols: true,
};

describe("user-pool-password-policy", () => {
  test.each([
    [undefined, "has no password policy"],
    [{ ...strong, minimumLength: 7 }, "takes passwords of 7 characters"],
    [
      { ...strong, requireNumbers: false, requireSymbols: undefined },
      "takes simple passwords: requireNumbers, requireSymbols not set",
    ],
    [{ ...strong, temporaryPasswordValidityDays: 8 }, "lets temporary passwords be used for 8 days"],
  ])("refuses %j", (passwordPolicy, problem) => {
    expect(judge(userPoolPasswordPolicy, UserPool, { passwordPolicy })).toEqual([
      expect.stringContaining(`'subject' ${problem}. Set in passwordPolicy minimumLength to at least 8,`),
    ]);
  });

  test.each([
    strong,
    { ...strong, minimumLength: 12, temporaryPasswordValidityDays: 7 },
    { ...strong, minimumLength: unknown },
    { ...strong, requireSymbols: unknown },
    unknown,
  ])("lets %j pass", (passwordPolicy) => {
    expect(judge(userPoolPasswordPolicy, UserPool, { passwordPolicy })).toEqual([]);
  });

  test("says nothing of a pool that is exempt with a reason", () => {
    expect(
      judge(userPoolPasswordPolicy, UserPool, {}, { exempt: { subject: "its users have passkeys only" } }),
    ).toEqual([]);
  });
});
