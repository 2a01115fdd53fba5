import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { noSecretInEnvironment } from "../../policy/rules/no-secret-in-environment";
import { judge, unknown } from "./judge";

describe("no-secret-in-environment", () => {
  test("refuses a secret, by name and by form, and does not show it", () => {
    // Prepare
    const variables = {
      MAIL_API_KEY: "hunter2-hunter2",
      DATABASE: "postgres://gallery:hunter2@db.internal/photos",
      TABLE: "photos",
    };

    // Act
    const messages = judge(noSecretInEnvironment, LambdaFunction, { environment: { variables } });

    // Assess
    expect(messages).toEqual([
      expect.stringContaining("a literal under a secret's name in the environment variable 'MAIL_API_KEY'"),
      expect.stringContaining("a URL with a password in the environment variable 'DATABASE'"),
    ]);
    expect(messages.join()).not.toContain("hunter2");
  });

  test.each([
    {},
    { environment: {} },
    { environment: unknown },
    { environment: { variables: unknown } },
    { environment: { variables: { MAIL_API_KEY: unknown, TABLE: "photos" } } },
  ])("says nothing of %j", (props) => {
    // Act
    const messages = judge(noSecretInEnvironment, LambdaFunction, props);

    // Assess
    expect(messages).toEqual([]);
  });

  test("judges what is known beside what is not", () => {
    // Prepare
    const variables = { TABLE: unknown, MAIL_API_KEY: "hunter2-hunter2" };

    // Act
    const messages = judge(noSecretInEnvironment, LambdaFunction, { environment: { variables } });

    // Assess
    expect(messages).toHaveLength(1);
  });
});
