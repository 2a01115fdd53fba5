import * as fs from "node:fs";
import * as path from "node:path";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { InvalidRedrive } from "./invalid";

/** The clients of the account that holds the queue. */
export interface Cloud {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly streams: DynamoDBStreamsClient;
}

/** With `local`, the local cloud whose outputs are in the folder `state`; else AWS, as the AWS CLI would find it. */
export function connect({ local, state }: { readonly local: boolean; readonly state: string }): Cloud {
  const config = local ? localConfig(state) : {};
  return {
    sqs: new SQSClient(config),
    lambda: new LambdaClient(config),
    streams: new DynamoDBStreamsClient(config),
  };
}

function localConfig(state: string) {
  const file = path.resolve(state, "outputs.json");
  let outputs: Record<string, unknown>;
  try {
    outputs = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    throw new InvalidRedrive(
      `${file} cannot be read: start the local cloud with npm start, or name its --state`,
    );
  }
  const [, , , region] = String(outputs.eventBusArn).split(":");
  const url = Object.values(outputs).find((value) => /^http:\/\/127\.0\.0\.1:\d+\//.test(String(value)));
  if (url === undefined || region === undefined) {
    throw new InvalidRedrive(`${file} names no address of a local cloud; is it one of npm start?`);
  }
  return {
    endpoint: new URL(String(url)).origin,
    region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
}
