import { UserPool } from "@pulumi/aws/cognito/userPool";
import { UserPoolClient } from "@pulumi/aws/cognito/userPoolClient";
import { userPoolClientPassword } from "../../policy/rules/user-pool-client-password";
import { given, judgeStack, unknown } from "./judge";

const users = given(UserPool, "users", { id: "eu-west-1_users", deletionProtection: "ACTIVE" });
const madeUp = given(UserPool, "made-up", { id: "eu-west-1_tests", deletionProtection: "INACTIVE" });
const client = (flows: unknown, userPoolId: unknown = "eu-west-1_users") =>
  given(UserPoolClient, "web", { userPoolId, explicitAuthFlows: flows });

describe("user-pool-client-password", () => {
  test.each(["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"])("refuses %s for users to keep", (flow) => {
    expect(judgeStack(userPoolClientPassword, [users, client(["ALLOW_USER_SRP_AUTH", flow])])).toEqual({
      web: [
        expect.stringContaining(`'web' lets users of 'users', who are protected from deletion, sign in by`),
      ],
    });
  });

  test("finds the pool by dependency in a preview", () => {
    // Prepare
    const planned = given(UserPool, "users", { id: unknown, deletionProtection: "ACTIVE" });
    const web = given(
      UserPoolClient,
      "web",
      { userPoolId: unknown, explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
      { userPoolId: [planned] },
    );

    // Act
    const messages = judgeStack(userPoolClientPassword, [planned, madeUp, web]);

    // Assess
    expect(Object.keys(messages)).toEqual(["web"]);
  });

  test.each([
    ["by another flow", [users, client(["ALLOW_USER_SRP_AUTH"])]],
    ["by the default flows", [users, client(undefined)]],
    ["by flows that are not known", [users, client(unknown)]],
    ["of made up users", [users, madeUp, client(["ALLOW_USER_PASSWORD_AUTH"], "eu-west-1_tests")]],
    ["of a pool that is not of the program", [users, client(["ALLOW_USER_PASSWORD_AUTH"], "eu-west-1_far")]],
    [
      "of a pool of which it is not known",
      [
        given(UserPool, "users", { id: "eu-west-1_users", deletionProtection: unknown }),
        client(["ALLOW_USER_PASSWORD_AUTH"]),
      ],
    ],
  ])("lets sign-in pass %s", (_, stack) => {
    expect(judgeStack(userPoolClientPassword, stack)).toEqual({});
  });

  test("says nothing of a client that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { web: "migrates users of the old site" } };

    // Act
    const messages = judgeStack(
      userPoolClientPassword,
      [users, client(["ALLOW_USER_PASSWORD_AUTH"])],
      config,
    );

    // Assess
    expect(messages).toEqual({});
  });
});
