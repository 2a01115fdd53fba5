import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { LambdaFunction } from "../../../../components/function";
import { Table } from "../../../../components/table";
import { alarmOn, queue, topic } from "./messaging";

const bus = new aws.cloudwatch.EventBus("bus");
const alarms = topic("alarms", "cloudwatch.amazonaws.com");
const notices = queue("notices", "sns.amazonaws.com");

/** A dead-letter queue with the alarm that the policies ask for. */
function deadLetters(name: string, service: string): aws.sqs.Queue {
  const made = queue(name, service);
  alarmOn(made, name, alarms);
  return made;
}

new aws.sns.TopicSubscription("notices", {
  topic: alarms.arn,
  protocol: "sqs",
  endpoint: notices.arn,
  rawMessageDelivery: true,
  redrivePolicy: pulumi.jsonStringify({
    deadLetterTargetArn: deadLetters("unnoticed", "sns.amazonaws.com").arn,
  }),
});

function sendTo(...queues: aws.sqs.Queue[]) {
  return { Effect: "Allow" as const, Action: ["sqs:SendMessage"], Resource: queues.map(({ arn }) => arn) };
}

/** Lets events of a type reach the function, with little patience. */
function on(type: string, fn: LambdaFunction<unknown>, undelivered: aws.sqs.Queue): void {
  const rule = new aws.cloudwatch.EventRule(type, {
    eventBusName: bus.name,
    eventPattern: JSON.stringify({ "detail-type": [type] }),
  });
  new aws.lambda.Permission(type, {
    function: fn.name,
    action: "lambda:InvokeFunction",
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
  new aws.cloudwatch.EventTarget(type, {
    rule: rule.name,
    eventBusName: bus.name,
    targetId: type,
    arn: fn.arn,
    retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 },
    deadLetterConfig: { arn: undelivered.arn },
  });
}

function giveUpAtOnce(name: string, fn: LambdaFunction<unknown>, failed: aws.sqs.Queue): void {
  new aws.lambda.FunctionEventInvokeConfig(name, {
    functionName: fn.name,
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 3600,
    destinationConfig: { onFailure: { destination: failed.arn } },
  });
}

const watched = queue("watched", "sns.amazonaws.com");
const watchedAlarmName = alarmOn(watched, "watched", alarms).name;

const undelivered = deadLetters("undelivered", "events.amazonaws.com");
const thrown = deadLetters("thrown", "events.amazonaws.com");

const thrower = new LambdaFunction<unknown>("thrower", {
  handler: async () => {
    throw new Error("this event cannot be processed");
  },
  statements: [sendTo(thrown)],
});
giveUpAtOnce("thrower", thrower, thrown);
on("thrown", thrower, undelivered);

const refused = new LambdaFunction<unknown>("refused", {
  handler: async () => "taken",
  statements: [sendTo(thrown)],
});
giveUpAtOnce("refused", refused, thrown);
on("refused", refused, undelivered);

const seen = new Table("seen", { attributes: { id: "S" }, key: { partition: "id" } });
const source = new aws.dynamodb.Table("source", {
  attributes: [{ name: "id", type: "S" }],
  hashKey: "id",
  billingMode: "PAY_PER_REQUEST",
  streamEnabled: true,
  streamViewType: "NEW_AND_OLD_IMAGES",
});

async function note(id: string, value: string): Promise<void> {
  await seen.sdk.UpdateItem({
    Key: { id: { S: id } },
    UpdateExpression: "SET seen = list_append(if_not_exists(seen, :none), :value)",
    ExpressionAttributeValues: { ":none": { L: [] }, ":value": { L: [{ S: value }] } },
  });
}

/** Runs the function for new items, in batches that come apart where they fail. */
function onInsert(
  name: string,
  handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse | undefined>,
): aws.sqs.Queue {
  const failed = deadLetters(`${name}-failed`, "events.amazonaws.com");
  const fn = new LambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse | undefined>(name, {
    handler,
    statements: [
      {
        Effect: "Allow",
        Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        Resource: source.streamArn,
      },
      { Effect: "Allow", Action: ["dynamodb:ListStreams"], Resource: source.streamArn },
      sendTo(failed),
    ],
  });
  new aws.lambda.EventSourceMapping(name, {
    eventSourceArn: source.streamArn,
    functionName: fn.name,
    startingPosition: "LATEST",
    batchSize: 10,
    filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ["INSERT"] }) }] },
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: 1,
    functionResponseTypes: ["ReportBatchItemFailures"],
    destinationConfig: { onFailure: { destinationArn: failed.arn } },
  });
  return failed;
}

const bisected = onInsert("bisected", async ({ Records }) => {
  const ids = Records.map(({ dynamodb }) => dynamodb?.Keys?.id?.S ?? "");
  if (ids.includes("poison")) {
    throw new Error("poison");
  }
  for (const id of ids) {
    await note("bisected", id);
  }
  return undefined;
});

const reported = onInsert("reported", async ({ Records }) => {
  for (const { dynamodb } of Records) {
    const id = dynamodb?.Keys?.id?.S ?? "";
    if (id === "poison") {
      return { batchItemFailures: [{ itemIdentifier: dynamodb?.SequenceNumber ?? "" }] };
    }
    await note("reported", id);
  }
  return { batchItemFailures: [] };
});

export const busName = bus.name;
export const refusedFunction = refused.name;
export const refusedArn = refused.arn;
export const sourceTable = source.name;
export const streamArn = source.streamArn;
export const seenTable = seen.name;
export const thrownUrl = thrown.url;
export const undeliveredUrl = undelivered.url;
export const bisectedUrl = bisected.url;
export const reportedUrl = reported.url;
export const noticesUrl = notices.url;
export const watchedUrl = watched.url;
export const watchedAlarm = watchedAlarmName;
