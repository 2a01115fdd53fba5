import { UserPool } from "../../../components/user-pool";
import { evaluate, only } from "../program";

const flowsOf = async (passwordSignIn: boolean) => {
  const graph = await evaluate(() => {
    new UserPool("users", { passwordSignIn });
    return {};
  });
  return only(graph, "aws:cognito/userPoolClient:UserPoolClient", "users-web").inputs.explicitAuthFlows;
};

test("the web client signs in by Secure Remote Password, and by password only where asked for", async () => {
  expect(await flowsOf(false)).toEqual(["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
  expect(await flowsOf(true)).toContain("ALLOW_USER_PASSWORD_AUTH");
});

test("passwords are long and mixed, and the pool of a protected stack cannot be deleted", async () => {
  const graph = await evaluate(() => {
    new UserPool("users", { deletionProtection: true });
    return {};
  });

  expect(only(graph, "aws:cognito/userPool:UserPool", "users").inputs).toMatchObject({
    passwordPolicy: { minimumLength: 12, requireSymbols: true },
    deletionProtection: "ACTIVE",
  });
});
