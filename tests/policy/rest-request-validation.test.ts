import { Integration } from "@pulumi/aws/apigateway/integration";
import { Method } from "@pulumi/aws/apigateway/method";
import { RequestValidator } from "@pulumi/aws/apigateway/requestValidator";
import { restRequestValidation } from "../../policy/rules/rest-request-validation";
import { given, judgeStack, unknown } from "./judge";

const place = { restApi: "a1", resourceId: "r1", httpMethod: "POST" };
const uri = "arn:aws:apigateway:eu-west-1:sqs:path/123456789012/views";
const judging = { requestValidatorId: "v1", requestModels: { "application/json": "View" } };
const validator = given(RequestValidator, "validator", { id: "v1", validateRequestBody: true });
const store = (props: object = {}) =>
  given(Integration, "store", { ...place, type: "AWS", uri, passthroughBehavior: "NEVER", ...props });
const method = (props: object) => given(Method, "post", { ...place, ...props });

describe("rest-request-validation", () => {
  test.each([
    ["no validator", method({ requestModels: judging.requestModels }), validator],
    ["no model", method({ requestValidatorId: "v1" }), validator],
    [
      "a validator of parameters alone",
      method(judging),
      given(RequestValidator, "validator", { id: "v1", validateRequestBody: false }),
    ],
  ])("refuses a method with %s", (_, post, judge) => {
    expect(judgeStack(restRequestValidation, [store(), post, judge])).toEqual({
      store: [
        expect.stringMatching(/^'store' passes on bodies that 'post' does not validate\. Give the method/),
      ],
    });
  });

  test.each([undefined, "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES"])(
    "refuses to pass on other media types, as by %s",
    (passthroughBehavior) => {
      expect(
        judgeStack(restRequestValidation, [store({ passthroughBehavior }), method(judging), validator]),
      ).toEqual({ store: [expect.stringContaining("media types that no model has judged")] });
    },
  );

  test("finds the method by dependency in a preview", () => {
    // Prepare
    const post = given(Method, "post", { httpMethod: "POST" });
    const planned = { ...store({ restApi: unknown, resourceId: unknown }), dependencies: [post] };

    // Act
    const messages = judgeStack(restRequestValidation, [planned, post]);

    // Assess
    expect(messages).toEqual({ store: [expect.stringContaining("'post' does not validate")] });
  });

  test.each([
    ["judges bodies", [store(), method(judging), validator]],
    ["has a validator that is not known", [store(), method({ ...judging, requestValidatorId: unknown })]],
    ["is not known", [store({ resourceId: unknown }), method({})]],
    [
      "belongs to a function",
      [
        store({ uri: "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations" }),
        method({}),
      ],
    ],
    ["answers by itself", [store({ type: "MOCK" }), method({})]],
  ])("lets an integration pass whose method %s", (_, stack) => {
    expect(judgeStack(restRequestValidation, stack)).toEqual({});
  });
});
