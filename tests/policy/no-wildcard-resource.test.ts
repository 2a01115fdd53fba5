import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import { noWildcardResource } from "../../policy/rules/no-wildcard-resource";
import { judge } from "./judge";

const table = "arn:aws:dynamodb:eu-west-1:123456789012:table/photos";

const allowing = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...statement } });

describe("no-wildcard-resource", () => {
  test.each(["*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:s3:::*"])("refuses %s", (resource) => {
    // Prepare
    const policy = allowing({ Action: "dynamodb:GetItem", Resource: [table, resource] });

    // Act
    const messages = judge(noWildcardResource, RolePolicy, { policy });

    // Assess
    expect(messages).toEqual([
      expect.stringContaining(`'subject' allows dynamodb:GetItem on '${resource}' in 'policy'. `),
    ]);
  });

  test("names only the actions which could name their resource", () => {
    // Prepare
    const policy = allowing({ Action: ["xray:PutTraceSegments", "s3:GetObject"], Resource: "*" });

    // Act
    const messages = judge(noWildcardResource, RolePolicy, { policy });

    // Assess
    expect(messages).toEqual([expect.stringContaining("allows s3:GetObject on '*'")]);
  });

  test("lets actions have '*' for which AWS offers nothing else", () => {
    // Prepare
    const policy = allowing({ Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: "*" });

    // Act
    const messages = judge(noWildcardResource, RolePolicy, { policy });

    // Assess
    expect(messages).toEqual([]);
  });

  test.each([
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "logs:CreateLogDelivery",
    "secretsmanager:GetRandomPassword",
  ])("lets %s have '*'", (action) => {
    expect(
      judge(noWildcardResource, RolePolicy, { policy: allowing({ Action: action, Resource: "*" }) }),
    ).toEqual([]);
  });

  describe("of text messages, whose numbers have no ARN,", () => {
    const topics = "arn:aws:sns:*:*:*";
    const publish = { Effect: "Allow", Action: "sns:Publish", Resource: "*" };
    const denial = { Effect: "Deny", Action: "SNS:Publish", Resource: topics };
    const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

    test.each([
      ["everything but topics", document({ ...publish, Resource: undefined, NotResource: topics })],
      ["everything, and denies topics", document(publish, denial)],
      [
        "everything, and denies topics of any partition",
        document(
          denial,
          { ...publish, Action: ["sns:publish"] },
          {
            ...denial,
            Resource: ["arn:*:sns:*:*:*"],
          },
        ),
      ],
    ])("lets a policy allow %s", (_, policy) => {
      expect(judge(noWildcardResource, RolePolicy, { policy })).toEqual([]);
    });

    test.each([
      ["nothing is denied", document(publish)],
      [
        "one region's topics are denied",
        document(publish, { ...denial, Resource: "arn:aws:sns:eu-west-1:*:*" }),
      ],
      [
        "all but topics is denied",
        document(publish, { ...denial, Resource: undefined, NotResource: topics }),
      ],
      ["another action is denied", document(publish, { ...denial, Action: "sns:Subscribe" })],
      [
        "topics are denied at times",
        document(publish, { ...denial, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ],
      ["topics are named beside", document({ ...publish, Resource: ["*", topics] }, denial)],
      [
        "all but one topic is allowed",
        document({
          ...publish,
          Resource: undefined,
          NotResource: "arn:aws:sns:eu-west-1:123456789012:alarms",
        }),
      ],
    ])("refuses it when %s", (_, policy) => {
      expect(judge(noWildcardResource, RolePolicy, { policy })).not.toEqual([]);
    });

    test("names what else the statement allows", () => {
      // Prepare
      const policy = document({ ...publish, Action: ["sns:Publish", "s3:GetObject"] }, denial);

      // Act
      const messages = judge(noWildcardResource, RolePolicy, { policy });

      // Assess
      expect(messages).toEqual([expect.stringContaining("'subject' allows s3:GetObject on '*' in 'policy'")]);
    });
  });

  test("refuses NotResource, which allows all the rest", () => {
    // Prepare
    const policy = allowing({ Action: "s3:GetObject", NotResource: "arn:aws:s3:::secrets/*" });

    // Act
    const messages = judge(noWildcardResource, RolePolicy, { policy });

    // Assess
    expect(messages).toEqual([expect.stringContaining("by NotResource in 'policy'")]);
  });

  test("looks into the inline policies of a role, and not at its trust", () => {
    // Prepare
    const assumeRolePolicy = allowing({ Action: "sts:AssumeRole", Principal: { AWS: "*" } });
    const inlinePolicies = [{ name: "read", policy: allowing({ Action: "s3:GetObject", Resource: "*" }) }];

    // Act
    const messages = judge(noWildcardResource, Role, { assumeRolePolicy, inlinePolicies });

    // Assess
    expect(messages).toEqual([expect.stringContaining("in 'inlinePolicies.0.policy'")]);
  });

  test("lets a resource's own policy say '*' of itself", () => {
    // Prepare
    const policy = allowing({ Action: "sqs:SendMessage", Resource: "*", Principal: "*" });

    // Act
    const messages = judge(noWildcardResource, QueuePolicy, { policy });

    // Assess
    expect(messages).toEqual([]);
  });
});
