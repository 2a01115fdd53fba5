import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { backoffMs, pause } from "./backoff";
import { isRetryable, refusalOf } from "./refusal";
import type { Service } from "./service";

export interface Message {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Sends to a queue or topic until it is taken, in the service's name. What cannot be sent, such as to a queue that is
 * gone, is lost with a warning, as AWS loses it with a metric.
 */
export async function sendTo(
  arn: string,
  message: Message,
  service: Service,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      return await send(arn, message, service);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!isRetryable(refusal)) {
        process.emitWarning(
          `${service.principal} could not leave a failed event at ${arn}: ${refusal.code}: ${refusal.message}`,
        );
        return;
      }
    }
    if (!(await pause(backoffMs(failures), signal))) return;
  }
}

async function send(arn: string, message: Message, service: Service): Promise<void> {
  const { body, attributes = {} } = message;
  const [, , kind, , account, name] = arn.split(":");
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: "String", StringValue }]),
  );
  if (kind === "sns") {
    await service
      .client(SNSClient)
      .send(new PublishCommand({ TopicArn: arn, Message: body, MessageAttributes }));
    return;
  }
  const QueueUrl = `${service.surroundings.endpoint}/${account}/${name}`;
  await service
    .client(SQSClient)
    .send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }));
}
