import { Role } from "@pulumi/aws/iam/role";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { oneRolePerFunction } from "../../policy/rules/one-role-per-function";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:iam::123456789012:role/photos";

describe("one-role-per-function", () => {
  test("refuses two functions with the same role, of the program or not", () => {
    // Prepare
    const functions = ["list", "read"].map((name) => given(LambdaFunction, name, { role: arn }));

    // Act
    const messages = judgeStack(oneRolePerFunction, functions);

    // Assess
    expect(messages).toEqual({
      list: [expect.stringMatching(/^'list' shares its role with 'read'\. Give each function/)],
      read: [expect.stringContaining("'list'")],
    });
  });

  test("finds a shared role by dependency while a preview does not know it", () => {
    // Prepare
    const role = given(Role, "photos", { arn: unknown });
    const functions = ["list", "read"].map((name) =>
      given(LambdaFunction, name, { role: unknown }, { role: [role] }),
    );

    // Act
    const messages = judgeStack(oneRolePerFunction, [role, ...functions]);

    // Assess
    expect(Object.keys(messages)).toEqual(["list", "read"]);
  });

  test("lets functions pass with a role each, or with roles it cannot know", () => {
    // Prepare
    const functions = [
      given(LambdaFunction, "list", { role: arn }),
      given(LambdaFunction, "read", { role: `${arn}-read` }),
      given(LambdaFunction, "edit", { role: unknown }),
      given(LambdaFunction, "delete", { role: unknown }),
    ];

    // Act
    const messages = judgeStack(oneRolePerFunction, functions);

    // Assess
    expect(messages).toEqual({});
  });
});
