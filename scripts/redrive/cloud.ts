import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { clientConfig, type Whereabouts } from "../cloud";

/** The clients of the account that holds the queue. */
export interface Cloud {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly streams: DynamoDBStreamsClient;
}

export function connect(whereabouts: Whereabouts): Cloud {
  const config = clientConfig(whereabouts);
  return {
    sqs: new SQSClient(config),
    lambda: new LambdaClient(config),
    streams: new DynamoDBStreamsClient(config),
  };
}
