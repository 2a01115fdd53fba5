import type { Resource } from "../../../local/engine/resource";
import {
  arn,
  functionArn,
  permission,
  policyText,
  problems,
  queue,
  queueArn,
  queuePolicy,
  resource,
  role,
  roleArn,
  rolePolicy,
  testNeeds,
  topic,
  topicArn,
  workingFunction,
} from "./graph-builder";

const f = workingFunction("f");

function subscription(inputs: Resource["inputs"]): Resource {
  return resource("aws:sns/topicSubscription:TopicSubscription", "s", { topic: topicArn("t"), ...inputs });
}

const toFunction = [...f, topic("t"), subscription({ protocol: "lambda", endpoint: functionArn("f") })];
const toQueue = [topic("t"), queue("q"), subscription({ protocol: "sqs", endpoint: queueArn("q") })];
const withDeadLetters = [
  topic("t"),
  queue("failed"),
  subscription({
    protocol: "https",
    endpoint: "https://example.com",
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn("failed") }),
  }),
];
const toFirehose = [
  topic("t"),
  subscription({
    protocol: "firehose",
    endpoint: arn("firehose", "deliverystream/d"),
    subscriptionRoleArn: roleArn("s-role"),
  }),
  role("s-role", "sns.amazonaws.com"),
];

const bucket = resource("aws:s3/bucket:Bucket", "uploads", {}, { arn: "arn:aws:s3:::uploads" });

function notification(inputs: Resource["inputs"]): Resource {
  return resource("aws:s3/bucketNotification:BucketNotification", "n", { bucket: "uploads", ...inputs });
}

const bucketToFunction = [
  ...f,
  bucket,
  notification({
    lambdaFunctions: [{ events: ["s3:ObjectCreated:*"], lambdaFunctionArn: functionArn("f") }],
  }),
];
const bucketToQueue = [
  bucket,
  queue("q"),
  notification({ queues: [{ events: ["s3:ObjectCreated:*"], queueArn: queueArn("q") }] }),
];

/** A bucket that publishes to a topic with a policy. */
function bucketToTopic(policy: string): Resource[] {
  return [
    bucket,
    topic("t", { policy }),
    notification({ topics: [{ events: ["s3:ObjectCreated:*"], topicArn: topicArn("t") }] }),
  ];
}

const poolArn = arn("cognito-idp", "userpool/eu-west-1_1");

function userPool(lambdaConfig: object): Resource {
  return resource("aws:cognito/userPool:UserPool", "users", { lambdaConfig }, { arn: poolArn });
}

const logGroupArn = arn("logs", "log-group:/gallery/f");
const logGroup = resource(
  "aws:cloudwatch/logGroup:LogGroup",
  "f-logs",
  { name: "/gallery/f" },
  { arn: logGroupArn },
);

function subscriptionFilter(inputs: Resource["inputs"]): Resource {
  return resource("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "filter", {
    logGroup: "/gallery/f",
    ...inputs,
  });
}

const streamArn = arn("kinesis", "stream/logs");
const logsToStream = [
  logGroup,
  subscriptionFilter({ destinationArn: streamArn, roleArn: roleArn("filter-role") }),
  role("filter-role", "logs.eu-west-1.amazonaws.com"),
];

const secretArn = arn("secretsmanager", "secret:mail-AbCdEf");
const rotated = [
  ...f,
  { ...resource("aws:secretsmanager/secret:Secret", "mail", {}, { arn: secretArn }), id: secretArn },
  resource("aws:secretsmanager/secretRotation:SecretRotation", "rotation", {
    secretId: secretArn,
    rotationLambdaArn: functionArn("f"),
  }),
];

const alarmArn = arn("cloudwatch", "alarm:failed");

function alarm(inputs: Resource["inputs"]): Resource {
  return resource("aws:cloudwatch/metricAlarm:MetricAlarm", "failed", inputs, { arn: alarmArn });
}

testNeeds([
  {
    need: "a topic invokes a function",
    met: [...toFunction, permission("f", "sns.amazonaws.com", { sourceArn: topicArn("t") })],
    missed: toFunction,
    problem: "Function f may not be invoked by sns.amazonaws.com, although topic t sends messages to it.",
  },
  {
    need: "a topic sends to a queue",
    met: [...toQueue, queuePolicy("q", "sns.amazonaws.com", topicArn("t"))],
    missed: toQueue,
    problem:
      "Queue q does not accept sqs:SendMessage from sns.amazonaws.com, although topic t sends messages to it.",
  },
  {
    need: "a topic leaves what it cannot deliver in the dead-letter queue",
    met: [...withDeadLetters, queuePolicy("failed", "sns.amazonaws.com", topicArn("t"))],
    missed: withDeadLetters,
    problem:
      "Queue failed does not accept sqs:SendMessage from sns.amazonaws.com, " +
      "although topic t leaves there what it cannot deliver.",
  },
  {
    need: "a topic sends to Firehose with a role",
    met: [
      ...toFirehose,
      rolePolicy("s-role", { Action: "firehose:PutRecord*", Resource: arn("firehose", "deliverystream/d") }),
    ],
    missed: toFirehose,
    problem:
      `Role s-role does not allow firehose:PutRecord on ${arn("firehose", "deliverystream/d")}, ` +
      "although topic t sends messages to it.",
  },
  {
    need: "a bucket invokes a function",
    met: [
      ...bucketToFunction,
      permission("f", "s3.amazonaws.com", {
        sourceArn: "arn:aws:s3:::uploads",
        sourceAccount: "000000000000",
      }),
    ],
    missed: [
      ...bucketToFunction,
      permission("f", "s3.amazonaws.com", {
        sourceArn: "arn:aws:s3:::uploads",
        sourceAccount: "111111111111",
      }),
    ],
    problem:
      "Function f may not be invoked by s3.amazonaws.com, although bucket uploads tells it of objects; " +
      "f-permission allows it only with StringEquals AWS:SourceAccount 111111111111 (here it is 000000000000).",
  },
  {
    need: "a bucket sends to a queue",
    met: [...bucketToQueue, queuePolicy("q", "s3.amazonaws.com", "arn:aws:s3:::*")],
    missed: bucketToQueue,
    problem:
      "Queue q does not accept sqs:SendMessage from s3.amazonaws.com, although bucket uploads tells it of objects.",
  },
  {
    need: "a bucket publishes to a topic",
    met: bucketToTopic(policyText({ Action: "sns:Publish", Principal: { Service: "s3.amazonaws.com" } })),
    missed: bucketToTopic(policyText()),
    problem:
      "Topic t does not accept sns:Publish from s3.amazonaws.com, although bucket uploads tells it of objects.",
  },
  {
    need: "a user pool invokes its trigger",
    met: [
      ...f,
      userPool({ postConfirmation: functionArn("f") }),
      permission("f", "cognito-idp.amazonaws.com", { sourceArn: poolArn }),
    ],
    missed: [...f, userPool({ postConfirmation: functionArn("f") })],
    problem:
      "Function f may not be invoked by cognito-idp.amazonaws.com, " +
      "although user pool users has it as its postConfirmation trigger.",
  },
  {
    need: "a user pool invokes a trigger that has settings",
    met: [
      ...f,
      userPool({ preTokenGenerationConfig: { lambdaArn: functionArn("f"), lambdaVersion: "V2_0" } }),
      permission("f", "cognito-idp.amazonaws.com"),
    ],
    missed: [
      ...f,
      userPool({
        kmsKeyId: arn("kms", "key/1"),
        preTokenGenerationConfig: { lambdaArn: functionArn("f"), lambdaVersion: "V2_0" },
      }),
    ],
    problem:
      "Function f may not be invoked by cognito-idp.amazonaws.com, " +
      "although user pool users has it as its preTokenGenerationConfig trigger.",
  },
  {
    need: "a subscription filter invokes a function",
    met: [
      ...f,
      logGroup,
      subscriptionFilter({ destinationArn: functionArn("f") }),
      permission("f", "logs.amazonaws.com", { sourceArn: `${logGroupArn}:*` }),
    ],
    missed: [
      ...f,
      logGroup,
      subscriptionFilter({ destinationArn: functionArn("f") }),
      permission("f", "logs.amazonaws.com", { sourceArn: logGroupArn }),
    ],
    problem:
      "Function f may not be invoked by logs.amazonaws.com, although log group f-logs sends its events to it; " +
      "f-permission allows it only with ArnLike AWS:SourceArn <arn of f-logs> (here it is <arn of f-logs>:*).",
  },
  {
    need: "a subscription filter sends to a stream with a role",
    met: [...logsToStream, rolePolicy("filter-role", { Action: "kinesis:PutRecord", Resource: streamArn })],
    missed: logsToStream,
    problem:
      `Role filter-role does not allow kinesis:PutRecord on ${streamArn}, ` +
      "although log group f-logs sends its events to it.",
  },
  {
    need: "a secret invokes the function that rotates it",
    met: [...rotated, permission("f", "secretsmanager.amazonaws.com", { sourceAccount: "000000000000" })],
    missed: rotated,
    problem:
      "Function f may not be invoked by secretsmanager.amazonaws.com, although secret mail is rotated by it.",
  },
  {
    need: "an alarm invokes a function",
    met: [
      ...f,
      alarm({ alarmActions: [functionArn("f")] }),
      permission("f", "lambda.alarms.cloudwatch.amazonaws.com", { sourceArn: alarmArn }),
    ],
    missed: [...f, alarm({ alarmActions: [functionArn("f")], okActions: [functionArn("f")] })],
    problem:
      "Function f may not be invoked by lambda.alarms.cloudwatch.amazonaws.com, " +
      "although alarm failed acts through it.",
  },
  {
    need: "an alarm publishes to a topic whose policy was replaced",
    met: [topic("t"), alarm({ alarmActions: [topicArn("t")] })],
    missed: [
      topic("t"),
      alarm({ alarmActions: [topicArn("t")] }),
      resource("aws:sns/topicPolicy:TopicPolicy", "t-policy", { arn: topicArn("t"), policy: policyText() }),
    ],
    problem:
      "Topic t does not accept sns:Publish from cloudwatch.amazonaws.com, although alarm failed acts through it.",
  },
]);

test("alarm actions of other kinds need nothing", () => {
  expect(problems([alarm({ alarmActions: ["arn:aws:automate:eu-west-1:ec2:recover"] })])).toEqual([]);
});
