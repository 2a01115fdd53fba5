import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import { subscriptionRedrive } from "../../policy/rules/subscription-redrive";
import { judge, unknown } from "./judge";

const redrivePolicy = '{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:123456789012:dead"}';

describe("subscription-redrive", () => {
  test.each(["sqs", "lambda", "https"])("refuses a subscription of %s without", (protocol) => {
    expect(judge(subscriptionRedrive, TopicSubscription, { protocol })).toEqual([
      expect.stringMatching(/^'subject' drops the messages .* Set redrivePolicy/),
    ]);
  });

  test.each([
    { protocol: "sqs", redrivePolicy },
    { protocol: "sqs", redrivePolicy: unknown },
    { protocol: unknown },
    { protocol: "email" },
  ])("lets %j pass", (props) => {
    expect(judge(subscriptionRedrive, TopicSubscription, props)).toEqual([]);
  });
});
