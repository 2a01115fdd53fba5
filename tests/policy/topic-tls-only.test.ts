import { Topic } from "@pulumi/aws/sns/topic";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy";
import { topicTlsOnly } from "../../policy/rules/topic-tls-only";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:sns:eu-west-1:123456789012:uploads";
const uploads = given(Topic, "uploads", { arn });
const denying = (Action: string) =>
  JSON.stringify({
    Statement: [
      {
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action,
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
const policy = denying("sns:Publish");

describe("topic-tls-only", () => {
  test.each([
    ["has no policy", []],
    [
      "has one that denies something else",
      [given(TopicPolicy, "policy", { arn, policy: denying("sns:Subscribe") })],
    ],
    ["leaves it to that of another", [given(TopicPolicy, "policy", { arn: `${arn}-2`, policy })]],
  ])("refuses a topic that %s", (_, policies) => {
    expect(judgeStack(topicTlsOnly, [uploads, ...policies])).toEqual({
      uploads: [expect.stringMatching(/^'uploads' takes messages .* Deny everybody sns:Publish on/)],
    });
  });

  test.each([
    ["that denies it", [uploads, given(TopicPolicy, "policy", { arn, policy })]],
    ["that denies it itself", [given(Topic, "uploads", { arn, policy })]],
    [
      "with a key, which takes nothing else",
      [given(Topic, "uploads", { arn, kmsMasterKeyId: "alias/aws/sns" })],
    ],
    ["with a key that is not known", [given(Topic, "uploads", { arn, kmsMasterKeyId: unknown })]],
    ["whose policy is not known", [uploads, given(TopicPolicy, "policy", { arn, policy: unknown })]],
    [
      "when it is not known whose policy there is",
      [uploads, given(TopicPolicy, "policy", { arn: unknown, policy })],
    ],
  ])("lets a topic pass %s", (_, stack) => {
    expect(judgeStack(topicTlsOnly, stack)).toEqual({});
  });

  test("says nothing of a topic that is exempt with a reason", () => {
    expect(judgeStack(topicTlsOnly, [uploads], { exempt: { uploads: "its owner sets a policy" } })).toEqual(
      {},
    );
  });
});
