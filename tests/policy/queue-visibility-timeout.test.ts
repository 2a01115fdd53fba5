import { EventSourceMapping } from "@pulumi/aws/lambda/eventSourceMapping";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { Queue } from "@pulumi/aws/sqs/queue";
import { queueVisibilityTimeout } from "../../policy/rules/queue-visibility-timeout";
import { given, judgeStack, unknown } from "./judge";

const arn = "arn:aws:sqs:eu-west-1:123456789012:thumbnail";

/** A queue that feeds a function, in seconds. */
const feeding = (visibilityTimeoutSeconds: unknown, timeout: unknown, batchingWindow: unknown) => [
  given(Queue, "thumbnail", { arn, visibilityTimeoutSeconds }),
  given(LambdaFunction, "resize", { name: "resize", timeout }),
  given(EventSourceMapping, "mapping", {
    eventSourceArn: arn,
    functionName: "resize",
    maximumBatchingWindowInSeconds: batchingWindow,
  }),
];

describe("queue-visibility-timeout", () => {
  test.each([
    { hidden: 59, timeout: 10, batchingWindow: undefined, needed: 60 },
    { hidden: 60, timeout: 10, batchingWindow: 5, needed: 65 },
    { hidden: 17, timeout: undefined, batchingWindow: undefined, needed: 18 },
    { hidden: undefined, timeout: 10, batchingWindow: undefined, needed: 60 },
  ])("refuses %j", ({ hidden, timeout, batchingWindow, needed }) => {
    // Act
    const messages = judgeStack(queueVisibilityTimeout, feeding(hidden, timeout, batchingWindow));

    // Assess
    expect(messages).toEqual({
      thumbnail: [
        expect.stringContaining(
          `'thumbnail' hides a message for ${hidden ?? 30} s, and 'resize' needs ${needed} s. Set`,
        ),
      ],
    });
  });

  test.each([
    { hidden: 60, timeout: 10, batchingWindow: undefined },
    { hidden: 65, timeout: 10, batchingWindow: 5 },
    { hidden: undefined, timeout: undefined, batchingWindow: undefined },
    { hidden: unknown, timeout: 10, batchingWindow: undefined },
    { hidden: 30, timeout: unknown, batchingWindow: undefined },
    { hidden: 30, timeout: 10, batchingWindow: unknown },
  ])("lets %j pass", ({ hidden, timeout, batchingWindow }) => {
    expect(judgeStack(queueVisibilityTimeout, feeding(hidden, timeout, batchingWindow))).toEqual({});
  });

  test("finds queue and function by dependency in a preview", () => {
    // Prepare
    const queue = given(Queue, "thumbnail", { arn: unknown, visibilityTimeoutSeconds: 30 });
    const resize = given(LambdaFunction, "resize", { name: unknown, timeout: 10 });
    const mapping = given(
      EventSourceMapping,
      "mapping",
      { eventSourceArn: unknown, functionName: unknown },
      { eventSourceArn: [queue], functionName: [resize] },
    );

    // Act
    const messages = judgeStack(queueVisibilityTimeout, [queue, resize, mapping]);

    // Assess
    expect(Object.keys(messages)).toEqual(["thumbnail"]);
  });

  test("asks nothing of a queue that feeds no function of the program", () => {
    // Prepare
    const [queue, resize] = feeding(0, 900, 0);
    const others = [
      given(EventSourceMapping, "other queue", { eventSourceArn: `${arn}-2`, functionName: "resize" }),
      given(EventSourceMapping, "other function", { eventSourceArn: arn, functionName: "theirs" }),
    ];

    // Act
    const messages = judgeStack(
      queueVisibilityTimeout,
      [queue, resize, ...others].flatMap((r) => r ?? []),
    );

    // Assess
    expect(messages).toEqual({});
  });

  test("says nothing of a queue that is exempt with a reason", () => {
    // Prepare
    const config = { exempt: { thumbnail: "the function is never throttled" } };

    // Act
    const messages = judgeStack(queueVisibilityTimeout, feeding(30, 10, 0), config);

    // Assess
    expect(messages).toEqual({});
  });
});
