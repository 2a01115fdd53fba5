import { Parameter } from "@pulumi/aws/ssm/parameter";
import { parameterSecureString } from "../../policy/rules/parameter-secure-string";
import { configure } from "./configure";
import { judge, unknown } from "./judge";

const keyId = "arn:aws:kms:eu-west-1:123456789012:key/0a1b";
const secure = { type: "SecureString", keyId };
const name = "/gallery/prod/mail-api-key";

describe("parameter-secure-string", () => {
  afterEach(() => configure({}));

  test.each([
    ["by its name", { type: "String", name }, "a secret, by its name, as a String"],
    ["a literal", { type: "String", name, value: "hunter2" }, "a literal under a secret's name as a String"],
    [
      "a literal in the open",
      { type: "String", name, insecureValue: "hunter2" },
      "a literal under a secret's name as a String",
    ],
    [
      "by the form of its value",
      { type: "StringList", name: "/gallery/prod/mail", value: `sk_live_${"a".repeat(24)}` },
      "a Stripe key as a StringList",
    ],
    ["whose value is not known", { type: "String", name, value: unknown }, "a secret, by its name, as"],
  ])("refuses a secret that is kept in the open, %s", (_, props, message) => {
    expect(judge(parameterSecureString, Parameter, props)).toEqual([
      expect.stringMatching(new RegExp(`^'subject' keeps ${message}.* Set type to "SecureString"`)),
    ]);
  });

  test.each([{ type: "SecureString" }, { type: "SecureString", keyId: "alias/aws/ssm" }])(
    "refuses %j, without a customer's key",
    (props) => {
      expect(judge(parameterSecureString, Parameter, props)).toEqual([
        expect.stringContaining("'subject' is encrypted with the key that AWS made"),
      ]);
    },
  );

  test("refuses a value that the stack's file shows, and does not show it", () => {
    // Prepare
    configure({ "gallery:mail": JSON.stringify({ key: "hunter2" }) });

    // Act
    const messages = judge(parameterSecureString, Parameter, { ...secure, name, value: "hunter2" });

    // Assess
    expect(messages).toEqual([expect.stringContaining("'subject' has its value from 'gallery:mail.key'")]);
    expect(messages.join()).not.toContain("hunter2");
  });

  test("lets a value pass that the stack's file keeps encrypted", () => {
    // Prepare
    configure({ "gallery:mail": "hunter2" }, ["gallery:mail"]);

    // Act
    const messages = judge(parameterSecureString, Parameter, { ...secure, name, value: "hunter2" });

    // Assess
    expect(messages).toEqual([]);
  });

  test.each([
    ["under a customer's key", { ...secure, name }],
    ["under a key that is not known", { ...secure, name, keyId: unknown }],
    ["of a type that is not known", { type: unknown, name }],
    ["that is no secret", { type: "String", name: "/gallery/prod/mail-url", value: "https://mail.example" }],
    [
      "that says where the secret is",
      { type: "String", name, value: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mail" },
    ],
    ["whose name is not known", { type: "String", name: unknown, value: unknown }],
  ])("lets a parameter pass %s", (_, props) => {
    expect(judge(parameterSecureString, Parameter, props)).toEqual([]);
  });

  test("says nothing of a parameter that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { subject: "the key of a public sandbox" } };

    // Act
    const messages = judge(parameterSecureString, Parameter, { type: "String", name }, config);

    // Assess
    expect(messages).toEqual([]);
  });
});
