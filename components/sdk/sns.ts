import * as sns from "@aws-sdk/client-sns";
import { type Bound, service } from "./bind";

interface TopicTarget {
  readonly TopicArn: string;
}

const { method } = service(() => new sns.SNSClient({}));

/**
 * SNS operations on a topic.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export const topicMethods = {
  Publish: method(
    "sns:Publish",
    (topic: TopicTarget, input: Omit<sns.PublishCommandInput, "TopicArn" | "TargetArn" | "PhoneNumber">) =>
      new sns.PublishCommand({ ...input, ...topic }),
  ),
};

/** The bound client of a topic. */
export type TopicClient = Bound<typeof topicMethods>;
