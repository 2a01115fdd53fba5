import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement } from "./iam";

/** AWS's longest retention of a message. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const longestRetentionSeconds = 1_209_600;

/** The encrypted queue where messages end that could not be processed; they stay for 14 days. */
export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** What the role needs that puts messages here. */
  readonly sendStatement: Statement;
  readonly nodes: { readonly queue: aws.sqs.Queue; policy?: aws.sqs.QueuePolicy };

  constructor(
    private readonly name: string,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("gallery:messaging:DeadLetterQueue", name, {}, opts);
    const queue = new aws.sqs.Queue(
      name,
      { messageRetentionSeconds: longestRetentionSeconds, sqsManagedSseEnabled: true },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.sendStatement = { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: queue.arn };
    this.nodes = { queue };
    this.registerOutputs({ arn: this.arn });
  }

  /** Lets an AWS service that sends in its own name, such as a rule, put messages here for `sourceArn` alone. */
  acceptFrom(service: string, sourceArn: pulumi.Input<string>): void {
    if (this.nodes.policy) {
      throw new Error(
        `${this.name}: a queue has one policy, and this one already accepts from another sender`,
      );
    }
    this.nodes.policy = new aws.sqs.QueuePolicy(
      `${this.name}-policy`,
      {
        queueUrl: this.url,
        policy: policyDocument([
          {
            ...this.sendStatement,
            Principal: { Service: service },
            Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
          },
        ]),
      },
      { parent: this },
    );
  }
}
