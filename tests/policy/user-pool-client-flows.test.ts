import { UserPoolClient } from "@pulumi/aws/cognito/userPoolClient";
import { userPoolClientFlows } from "../../policy/rules/user-pool-client-flows";
import { judge, unknown } from "./judge";

const safe = { preventUserExistenceErrors: "ENABLED" };

describe("user-pool-client-flows", () => {
  test.each([
    [{ ...safe, allowedOauthFlows: ["code", "implicit"] }, "gets tokens in the address of a page"],
    [{ ...safe, explicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] }, "by ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    [{ ...safe, explicitAuthFlows: ["ADMIN_NO_SRP_AUTH"] }, "by ADMIN_NO_SRP_AUTH"],
    [{ ...safe, enableTokenRevocation: false }, "leaves tokens valid after sign-out"],
    [{ preventUserExistenceErrors: "LEGACY" }, "tells whoever asks who is a user"],
    [{}, "tells whoever asks who is a user"],
  ])("refuses %j", (props, problem) => {
    expect(judge(userPoolClientFlows, UserPoolClient, props)).toEqual([
      expect.stringMatching(new RegExp(`^'subject' .*${problem}.* Set allowedOauthFlows`)),
    ]);
  });

  test.each([
    safe,
    {
      ...safe,
      allowedOauthFlows: ["code"],
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      enableTokenRevocation: true,
    },
    { preventUserExistenceErrors: unknown },
    { ...safe, allowedOauthFlows: unknown },
    { ...safe, explicitAuthFlows: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(userPoolClientFlows, UserPoolClient, props)).toEqual([]);
  });

  test("says nothing of a client that is exempt with a reason", () => {
    expect(
      judge(userPoolClientFlows, UserPoolClient, {}, { exempt: { subject: "the old app, until its end" } }),
    ).toEqual([]);
  });
});
