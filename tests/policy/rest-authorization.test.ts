import { Method } from "@pulumi/aws/apigateway/method";
import { restAuthorization } from "../../policy/rules/rest-authorization";
import { judge, unknown } from "./judge";

describe("rest-authorization", () => {
  test.each([
    { authorization: "NONE", httpMethod: "POST" },
    { authorization: "NONE", httpMethod: "ANY", apiKeyRequired: false },
  ])("refuses %j", (props) => {
    expect(judge(restAuthorization, Method, props)).toEqual([
      expect.stringMatching(/^'subject' lets anybody call, with anything\. Set authorization/),
    ]);
  });

  test.each([
    { authorization: "COGNITO_USER_POOLS", httpMethod: "POST" },
    { authorization: "NONE", httpMethod: "GET", apiKeyRequired: true },
    { authorization: "NONE", httpMethod: "GET", requestValidatorId: "v1" },
    { authorization: "NONE", httpMethod: "GET", requestValidatorId: unknown },
    { authorization: "NONE", httpMethod: "OPTIONS" },
    { authorization: unknown, httpMethod: "GET" },
  ])("lets %j pass", (props) => {
    expect(judge(restAuthorization, Method, props)).toEqual([]);
  });

  test("says nothing of a method that is exempt with a reason", () => {
    const open = { authorization: "NONE", httpMethod: "GET" };
    const config = { exempt: { subject: "its function judges everything" } };

    expect(judge(restAuthorization, Method, open, config)).toEqual([]);
  });
});
