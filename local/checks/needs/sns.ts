import type * as aws from "@pulumi/aws";
import { parsed } from "../json";
import { accepts, invokes, type NeedsTable, needsOf, trusts } from "./need";
import { roleSends } from "./sending";

const principal = "sns.amazonaws.com";

export const sns: NeedsTable = {
  "aws:sns/topicSubscription:TopicSubscription": needsOf<aws.sns.TopicSubscriptionArgs>(
    ({ inputs }, graph) => {
      const { protocol, endpoint, topic, redrivePolicy, subscriptionRoleArn: role } = inputs;
      const who = `topic ${graph.withArn(topic ?? "")?.name ?? topic}`;
      const sends = `${who} sends messages to it`;
      const lost = deadLetterQueue(redrivePolicy);
      return [
        ...(protocol === "lambda" ? invokes(endpoint, principal, topic, sends) : []),
        ...(protocol === "sqs" ? accepts(endpoint, principal, ["sqs:SendMessage"], topic, sends) : []),
        ...(protocol === "firehose"
          ? [...trusts(role, principal, `${who} delivers with it`), ...roleSends(role, endpoint, sends)]
          : []),
        // https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html
        ...accepts(lost, principal, ["sqs:SendMessage"], topic, `${who} leaves there what it cannot deliver`),
      ];
    },
  ),
};

function deadLetterQueue(redrivePolicy: string | undefined): string | undefined {
  const { deadLetterTargetArn } = Object(parsed(redrivePolicy));
  return typeof deadLetterTargetArn === "string" ? deadLetterTargetArn : undefined;
}
