import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, type Message, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Cloud } from "./cloud";
import { InvalidRedrive } from "./invalid";
import { type StreamBatch, streamRecords } from "./stream-records";

/**
 * What Lambda leaves at a failure destination: with the event of an asynchronous invocation, or where in a stream the
 * batch is.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
interface FailureRecord {
  readonly requestContext: { readonly functionArn: string };
  readonly requestPayload?: unknown;
  readonly DDBStreamBatchInfo?: StreamBatch;
}

/**
 * Gives a dead letter to whom it was for, which the message itself tells: Lambda's record of a failure names the
 * function, a rule or schedule the target, SQS the queue it came from.
 * @throws InvalidRedrive when it tells nobody, and the errors of those who do not take it
 */
export async function putBack(cloud: Cloud, message: Message): Promise<void> {
  const { Body = "", Attributes, MessageAttributes = {} } = message;
  const failure = failureRecord(Body);
  const target = MessageAttributes.TARGET_ARN?.StringValue;
  const source = Attributes?.DeadLetterQueueSourceArn;
  if (failure?.DDBStreamBatchInfo) {
    await process(cloud, failure.requestContext.functionArn, failure.DDBStreamBatchInfo);
  } else if (failure) {
    await invoke(cloud, failure.requestContext.functionArn, JSON.stringify(failure.requestPayload));
  } else if (target?.includes(":function:")) {
    await invoke(cloud, target, Body);
  } else if (source !== undefined) {
    await send(cloud, source, message);
  } else {
    throw new InvalidRedrive("nothing in it tells whom it was for; it is kept");
  }
}

function failureRecord(body: string): FailureRecord | undefined {
  try {
    const value = JSON.parse(body);
    const isRecord =
      value?.requestContext?.functionArn && ("requestPayload" in value || value.DDBStreamBatchInfo);
    return isRecord ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Hands over an event as the service did: Lambda keeps it, retries it, and brings it back here if it fails again. */
async function invoke({ lambda }: Cloud, FunctionName: string, event: string): Promise<void> {
  await lambda.send(
    new InvokeCommand({ FunctionName, InvocationType: "Event", Payload: new TextEncoder().encode(event) }),
  );
}

/** Has the function work off the records of a batch; a stream gives them for 24 hours. */
async function process({ lambda, streams }: Cloud, FunctionName: string, batch: StreamBatch): Promise<void> {
  const Records = await streamRecords(streams, batch);
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: new TextEncoder().encode(JSON.stringify({ Records })) }),
  );
  const answer = Payload?.length ? JSON.parse(new TextDecoder().decode(Payload)) : {};
  if (FunctionError !== undefined) {
    throw new InvalidRedrive(`${FunctionName} failed again: ${answer.errorMessage}`);
  }
  if (answer?.batchItemFailures?.length > 0) {
    throw new InvalidRedrive(
      `${FunctionName} failed again for ${answer.batchItemFailures.length} of its records`,
    );
  }
}

async function send({ sqs }: Cloud, queueArn: string, { Body, MessageAttributes }: Message): Promise<void> {
  const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(":");
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: Body, MessageAttributes }));
}
