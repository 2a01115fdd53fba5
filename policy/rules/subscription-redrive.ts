import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription";
import { known } from "../known";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

/** Not e-mail and SMS: people read those, and what they miss is not the program's to process again. */
const programs = new Set(["application", "firehose", "http", "https", "lambda", "sqs"]);

export const subscriptionRedrive = resourceRule({
  name: "subscription-redrive",
  description: "Messages that a topic cannot deliver to a program go to a dead-letter queue.",
  severity: "high",
  reference: cdkNag("Serverless", "SNSRedrivePolicy"),
  remediation:
    "Set redrivePolicy to { deadLetterTargetArn } of an SQS queue whose policy lets the topic send to it.",
  type: TopicSubscription,
  check: (subscription, report) => {
    if (programs.has(subscription.protocol) && !known(() => subscription.redrivePolicy)) {
      report("drops the messages that its topic cannot deliver");
    }
  },
});
