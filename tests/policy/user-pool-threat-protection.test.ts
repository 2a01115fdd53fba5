import { UserPool } from "@pulumi/aws/cognito/userPool";
import { userPoolThreatProtection } from "../../policy/rules/user-pool-threat-protection";
import { judge, unknown } from "./judge";

const kept = { deletionProtection: "ACTIVE" };
const mode = (advancedSecurityMode: unknown) => ({ userPoolAddOns: { advancedSecurityMode } });

describe("user-pool-threat-protection", () => {
  test.each([
    [kept, "OFF"],
    [{ ...kept, ...mode("AUDIT") }, "AUDIT"],
  ])("refuses %j", (props, level) => {
    expect(judge(userPoolThreatProtection, UserPool, props)).toEqual([
      expect.stringContaining(`leaves threat protection at ${level}. Set userPoolAddOns to`),
    ]);
  });

  test.each([
    { ...kept, ...mode("ENFORCED") },
    { ...kept, ...mode(unknown) },
    // At development nobody attacks made up users.
    { deletionProtection: "INACTIVE", ...mode("OFF") },
    {},
    { deletionProtection: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(userPoolThreatProtection, UserPool, props)).toEqual([]);
  });

  test("says nothing of a pool that is exempt with a reason", () => {
    expect(
      judge(userPoolThreatProtection, UserPool, kept, { exempt: { subject: "behind the company's VPN" } }),
    ).toEqual([]);
  });
});
