import { Topic } from "@pulumi/aws/sns/topic";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy";
import { known } from "../known";
import { cdkNag } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";
import { deniesWithoutTls } from "../tls";

export const topicTlsOnly = stackRule({
  name: "topic-tls-only",
  description: "Topics take messages by TLS only.",
  severity: "medium",
  reference: cdkNag("AwsSolutions", "SNS3"),
  remediation:
    'Deny everybody sns:Publish on the topic by an aws.sns.TopicPolicy, on condition { Bool: { "aws:SecureTransport": "false" } }.',
  type: Topic,
  check: (topic, stack, report) => {
    // A topic with a key takes HTTPS alone.
    // https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html
    if (known(() => topic.props.kmsMasterKeyId)) return;
    const apart = referrers(topic, stack, ofType(stack, TopicPolicy), "arn", ({ props }) => props.arn).map(
      ({ props }) => props.policy,
    );
    const policies = apart.length > 0 ? apart : [topic.props.policy];
    // Not all of `sns:*` may be in the policy of a topic. https://github.com/cdklabs/cdk-nag/issues/676
    if (!policies.some((policy) => deniesWithoutTls(policy, "sns:Publish", [topic.props.arn]))) {
      report("takes messages that come without TLS");
    }
  },
});
