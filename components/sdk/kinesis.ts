import * as kinesis from "@aws-sdk/client-kinesis";
import * as http from "@smithy/node-http-handler";
import { type Bound, service } from "./bind";

interface StreamTarget {
  readonly StreamName: string;
}
type OnStream<Input> = Omit<Input, "StreamName" | "StreamARN" | "StreamId">;

// By HTTP/1.1, which the local cloud speaks too: of all operations only SubscribeToShard needs HTTP/2.
const { method } = service(() => new kinesis.KinesisClient({ requestHandler: new http.NodeHttpHandler() }));

/**
 * Kinesis operations on a stream. PutRecords answers also when some records were not taken: look at its
 * `FailedRecordCount`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html
 */
export const streamMethods = {
  PutRecord: method(
    "kinesis:PutRecord",
    (stream: StreamTarget, input: OnStream<kinesis.PutRecordCommandInput>) =>
      new kinesis.PutRecordCommand({ ...input, ...stream }),
  ),
  PutRecords: method(
    "kinesis:PutRecords",
    (stream: StreamTarget, input: OnStream<kinesis.PutRecordsCommandInput>) =>
      new kinesis.PutRecordsCommand({ ...input, ...stream }),
  ),
};

/** The bound client of a stream. */
export type StreamClient = Bound<typeof streamMethods>;
