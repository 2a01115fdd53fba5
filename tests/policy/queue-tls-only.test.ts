import { Queue } from "@pulumi/aws/sqs/queue";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import { queueTlsOnly } from "../../policy/rules/queue-tls-only";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:sqs:eu-west-1:123456789012:thumbnail";
const url = "https://sqs.eu-west-1.amazonaws.com/123456789012/thumbnail";
const denying = (Effect: string) =>
  JSON.stringify({
    Statement: {
      Effect,
      Principal: "*",
      Action: "sqs:*",
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  });
const policy = denying("Deny");

describe("queue-tls-only", () => {
  test.each([
    ["has no policy", [given(Queue, "thumbnail", { arn, url })]],
    [
      "has one that does not deny it",
      [
        given(Queue, "thumbnail", { arn, url }),
        given(QueuePolicy, "policy", { queueUrl: url, policy: denying("Allow") }),
      ],
    ],
    [
      "has its own replaced by another",
      [
        given(Queue, "thumbnail", { arn, url, policy }),
        given(QueuePolicy, "policy", { queueUrl: url, policy: denying("Allow") }),
      ],
    ],
  ])("refuses a queue that %s", (_, stack) => {
    expect(judgeStack(queueTlsOnly, stack)).toEqual({
      thumbnail: [expect.stringMatching(/^'thumbnail' answers requests .* Deny everybody sqs:\* on/)],
    });
  });

  test.each([
    [
      "that denies it",
      [given(Queue, "thumbnail", { arn, url }), given(QueuePolicy, "policy", { queueUrl: url, policy })],
    ],
    ["that denies it itself", [given(Queue, "thumbnail", { arn, url, policy })]],
    [
      "whose policy is not known",
      [
        given(Queue, "thumbnail", { arn, url }),
        given(QueuePolicy, "policy", { queueUrl: url, policy: unknown }),
      ],
    ],
    ["whose own policy is not known", [given(Queue, "thumbnail", { arn, url, policy: unknown })]],
    [
      "when it is not known whose policy there is",
      [given(Queue, "thumbnail", { arn, url }), given(QueuePolicy, "policy", { queueUrl: unknown, policy })],
    ],
  ])("lets a queue pass %s", (_, stack) => {
    expect(judgeStack(queueTlsOnly, stack)).toEqual({});
  });

  test("does not take the policy of a queue for that of its dead-letter queue in a preview", () => {
    // Prepare
    const dead = given(Queue, "dead", { arn, url: unknown });
    const queue = given(Queue, "thumbnail", { arn: unknown, url: unknown }, { redrivePolicy: [dead] });
    const ofQueue = given(QueuePolicy, "policy", { queueUrl: unknown, policy }, { queueUrl: [queue] });

    // Act
    const messages = judgeStack(queueTlsOnly, [dead, queue, ofQueue]);

    // Assess
    expect(Object.keys(messages)).toEqual(["dead"]);
  });

  test("says nothing of a queue that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { thumbnail: "another team sets its policy" } };

    // Act
    const messages = judgeStack(queueTlsOnly, [given(Queue, "thumbnail", { arn, url })], config);

    // Assess
    expect(messages).toEqual({});
  });
});
