import { UserPool } from "@pulumi/aws/cognito/userPool";
import { userPoolMfa } from "../../policy/rules/user-pool-mfa";
import { judge, unknown } from "./judge";

describe("user-pool-mfa", () => {
  test.each([{}, { mfaConfiguration: "OFF" }])("refuses %j", (props) => {
    expect(judge(userPoolMfa, UserPool, props)).toEqual([
      expect.stringMatching(/^'subject' lets nobody use a second factor\. Set mfaConfiguration/),
    ]);
  });

  test.each([{ mfaConfiguration: "OPTIONAL" }, { mfaConfiguration: "ON" }, { mfaConfiguration: unknown }])(
    "lets %j pass",
    (props) => {
      expect(judge(userPoolMfa, UserPool, props)).toEqual([]);
    },
  );

  test("says nothing of a pool that is exempt with a reason", () => {
    expect(judge(userPoolMfa, UserPool, {}, { exempt: { subject: "its users have passkeys only" } })).toEqual(
      [],
    );
  });
});
