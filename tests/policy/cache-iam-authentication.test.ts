import { User } from "@pulumi/aws/elasticache/user";
import { cacheIamAuthentication } from "../../policy/rules/cache-iam-authentication";
import { judge, unknown } from "./judge";

const problems = (props: Parameters<typeof judge<User, object>>[2]) =>
  judge(cacheIamAuthentication, User, props).map((message) => message.split(". ")[0]);

describe("cache-iam-authentication", () => {
  test.each([
    [{}, "'subject' logs in by a password"],
    [{ passwords: ["hunter2-hunter2-hunter2"] }, "'subject' logs in by a password"],
    [{ authenticationMode: { type: "password", passwords: ["p"] } }, "'subject' logs in by a password"],
    [{ authenticationMode: { type: "no-password-required" } }, "'subject' lets in anyone by its name"],
    [{ noPasswordRequired: true }, "'subject' lets in anyone by its name"],
  ])("refuses %j", (props, problem) => {
    expect(problems(props)).toEqual([problem]);
  });

  test.each([
    { authenticationMode: { type: "iam" } },
    { authenticationMode: { type: unknown } },
    { authenticationMode: unknown },
  ])("lets %j pass", (props) => {
    expect(problems(props)).toEqual([]);
  });

  test("says nothing of a user that is exempt with a reason", () => {
    const config = { exempt: { subject: "of a tool that knows no IAM" } };

    expect(judge(cacheIamAuthentication, User, {}, config)).toEqual([]);
  });
});
