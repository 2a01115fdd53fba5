import { deniesWithoutTls } from "../../policy/tls";

const arn = "arn:aws:s3:::originals";
const denial = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const denies = (...Statement: object[]) =>
  deniesWithoutTls(JSON.stringify({ Version: "2012-10-17", Statement }), "s3:*", [arn, `${arn}/*`]);

describe("deniesWithoutTls", () => {
  test.each([
    denial,
    { ...denial, Principal: { AWS: ["*"] } },
    { ...denial, Action: ["*"] },
    { ...denial, Action: "S3:*" },
    { ...denial, Resource: "*" },
    { ...denial, Resource: `${arn}*` },
    { ...denial, Condition: { Bool: { "aws:securetransport": [false] } } },
  ])("is true of %j", (statement) => {
    expect(denies(statement, { Effect: "Allow", Principal: "*", Action: "s3:GetObject" })).toBe(true);
  });

  test("takes the resources of all statements together", () => {
    expect(denies({ ...denial, Resource: arn }, { ...denial, Resource: `${arn}/*` })).toBe(true);
  });

  test.each([
    { ...denial, Effect: "Allow" },
    { ...denial, Principal: { AWS: "arn:aws:iam::123456789012:root" } },
    { ...denial, Principal: { Service: "*" } },
    { ...denial, Action: "s3:Get*" },
    { ...denial, Action: undefined, NotAction: "s3:*" },
    { ...denial, Resource: arn },
    { ...denial, Resource: [arn, `${arn}/public/*`] },
    { ...denial, Resource: `${arn}-of-others/*` },
    { ...denial, Condition: undefined },
    { ...denial, Condition: { Bool: { "aws:SecureTransport": "true" } } },
    { ...denial, Condition: { Bool: { "aws:ViaAWSService": "false" } } },
    { ...denial, Condition: { BoolIfExists: { "aws:SecureTransport": "false" } } },
    { ...denial, Condition: { ...denial.Condition, StringEquals: { "aws:SourceVpc": "vpc-1" } } },
  ])("is false of %j", (statement) => {
    expect(denies(statement)).toBe(false);
  });

  test("is true of one action, where that is asked", () => {
    // Prepare
    const topic = "arn:aws:sns:eu-west-1:123456789012:uploads";
    const Statement = { ...denial, Action: "SNS:Publish", Resource: topic };

    // Act
    const denied = ["sns:Publish", "sns:Subscribe"].map((action) =>
      deniesWithoutTls({ Statement }, action, [topic]),
    );

    // Assess
    expect(denied).toEqual([true, false]);
  });

  test("is false of no policy", () => {
    expect(deniesWithoutTls(undefined, "s3:*", [arn])).toBe(false);
  });
});
