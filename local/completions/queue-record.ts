import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import { LARGEST_PAYLOAD_BYTES } from "./batch-invocation";
import { jsonIn } from "./json-body";

/** A message that was received. */
export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** As the function gets it. */
  readonly event: Readonly<Record<string, unknown>>;
  /** As filter patterns see it. */
  readonly filtered: unknown;
  /** Of the event. */
  readonly sizeBytes: number;
}

/** A message of the SQS API, as Lambda writes it. */
export function queueRecord(message: Message, eventSourceARN: string): QueueRecord {
  const { MessageId: messageId = "", ReceiptHandle: receiptHandle = "", Body: body = "" } = message;
  const event = {
    messageId,
    receiptHandle,
    body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attribute(value)]),
    ),
    md5OfBody: message.MD5OfBody,
    ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    eventSource: "aws:sqs",
    eventSourceARN,
    awsRegion: eventSourceARN.split(":")[3],
  };
  return {
    messageId,
    receiptHandle,
    event,
    // https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
    filtered: { ...event, body: jsonIn(body) ?? body },
    sizeBytes: Buffer.byteLength(JSON.stringify(event)),
  };
}

function attribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue) {
  return {
    dataType: DataType,
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
    stringListValues: [],
    binaryListValues: [],
  };
}

/** `{"Records":[]}` */
const ENVELOPE_BYTES = 14;

/** How many records from the first on make a batch: what it may have and an invocation can carry, at least one. */
export function batchLength(records: readonly Pick<QueueRecord, "sizeBytes">[], batchSize: number): number {
  let bytes = 0;
  const tooMany = records.findIndex(({ sizeBytes }, n) => {
    bytes += sizeBytes + 1;
    return n > 0 && (n >= batchSize || bytes > LARGEST_PAYLOAD_BYTES - ENVELOPE_BYTES);
  });
  return tooMany < 0 ? records.length : tooMany;
}
