import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { Queue } from "@pulumi/aws/sqs/queue";
import { RedrivePolicy } from "@pulumi/aws/sqs/redrivePolicy";
import { queueRedrive } from "../../policy/rules/queue-redrive";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:sqs:eu-west-1:123456789012:thumbnails";
const url = "https://sqs.eu-west-1.amazonaws.com/123456789012/thumbnails";
const redrivePolicy = `{"deadLetterTargetArn":"${arn}-dead","maxReceiveCount":3}`;

const mapping = given(EventSourceMapping, "mapping", { eventSourceArn: arn });

describe("queue-redrive", () => {
  test("refuses a queue that feeds a function and has none", () => {
    // Prepare
    const queue = given(Queue, "thumbnails", { arn, url, redrivePolicy: "" });

    // Act
    const messages = judgeStack(queueRedrive, [queue, mapping]);

    // Assess
    expect(messages).toEqual({
      thumbnails: [expect.stringMatching(/^'thumbnails' gives its messages .* Set its redrivePolicy/)],
    });
  });

  test("finds the queue by dependency in a preview", () => {
    // Prepare
    const queue = given(Queue, "thumbnails", { arn: unknown });
    const source = given(
      EventSourceMapping,
      "mapping",
      { eventSourceArn: unknown },
      { eventSourceArn: [queue] },
    );

    // Act
    const messages = judgeStack(queueRedrive, [queue, source]);

    // Assess
    expect(Object.keys(messages)).toEqual(["thumbnails"]);
  });

  test("does not take the dead-letter queue for what feeds the function in a preview", () => {
    // Prepare
    const dead = given(Queue, "dead", { arn: unknown });
    const queue = given(
      Queue,
      "thumbnails",
      { arn: unknown, redrivePolicy: unknown },
      { redrivePolicy: [dead] },
    );
    const source = given(
      EventSourceMapping,
      "mapping",
      { eventSourceArn: unknown },
      { eventSourceArn: [queue] },
    );

    // Act
    const messages = judgeStack(queueRedrive, [dead, queue, source]);

    // Assess
    expect(messages).toEqual({});
  });

  test.each([
    ["with a redrive policy", [given(Queue, "thumbnails", { arn, redrivePolicy }), mapping]],
    [
      "whose redrive policy is not known",
      [given(Queue, "thumbnails", { arn, redrivePolicy: unknown }), mapping],
    ],
    [
      "with a redrive policy apart",
      [
        given(Queue, "thumbnails", { arn, url }),
        given(RedrivePolicy, "redrive", { queueUrl: url, redrivePolicy }),
        mapping,
      ],
    ],
    ["that feeds no function", [given(Queue, "dead", { arn: `${arn}-dead` }), mapping]],
  ])("lets a queue pass %s", (_, stack) => {
    expect(judgeStack(queueRedrive, stack)).toEqual({});
  });
});
