import { asset } from "@pulumi/pulumi";
import type { Properties, Resource } from "../../local/engine/resource";

const account = "123456789012";
const arnOf = (service: string, name: string) => `arn:aws:${service}:eu-west-1:${account}:${name}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const urnOf = (type: string, name: string) => `urn:pulumi:test::gallery::${type}::${name}`;

const stack: Resource = {
  ...resource("pulumi:pulumi:Stack", "gallery-test", {}),
  custom: false,
  id: "",
};

function resource(type: string, name: string, inputs: Properties, outputs: Properties = {}): Resource {
  return {
    urn: urnOf(type, name),
    type,
    name,
    custom: true,
    parent: urnOf("pulumi:pulumi:Stack", "gallery-test"),
    dependencies: [],
    propertyDependencies: {},
    inputs,
    protect: false,
    id: name,
    outputs,
  };
}

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

const allow = (Action: string[], Resource: string) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] });

const role = (name: string, inputs: Properties = {}) =>
  resource("aws:iam/role:Role", name, { name, assumeRolePolicy: trust, ...inputs }, { arn: roleArn(name) });

const lambda = (name: string, inputs: Properties) =>
  resource(
    "aws:lambda/function:Function",
    name,
    {
      name,
      code: new asset.AssetArchive({ "index.js": new asset.StringAsset("exports.handler = 1") }),
      ...inputs,
    },
    { arn: arnOf("lambda", `function:${name}`) },
  );

const queueUrl = (name: string) => `https://sqs.eu-west-1.amazonaws.com/${account}/${name}`;

const queue = (name: string, inputs: Properties = {}) =>
  resource(
    "aws:sqs/queue:Queue",
    name,
    { name, ...inputs },
    { arn: arnOf("sqs", name), url: queueUrl(name) },
  );

const topic = (name: string) => resource("aws:sns/topic:Topic", name, { name }, { arn: arnOf("sns", name) });

const bucket = (name: string) =>
  resource("aws:s3/bucket:Bucket", name, { bucket: name }, { arn: `arn:aws:s3:::${name}` });

const cors = (name: string, origin: string) =>
  resource("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", name, {
    bucket: name,
    corsRules: [{ allowedMethods: ["POST"], allowedOrigins: [origin] }],
  });

const socket = (name: string, authorization: Properties) => [
  resource("aws:apigatewayv2/api:Api", name, { name, protocolType: "WEBSOCKET" }),
  resource("aws:apigatewayv2/route:Route", name, { apiId: name, routeKey: "$connect", ...authorization }),
];

const key = (name: string, inputs: Properties = {}) =>
  resource("aws:kms/key:Key", name, inputs, { arn: arnOf("kms", `key/${name}`) });

const secret = (name: string, inputs: Properties = {}) => ({
  ...resource("aws:secretsmanager/secret:Secret", name, { name, ...inputs }, { arn: secretArn(name) }),
  id: secretArn(name),
});
const secretArn = (name: string) => arnOf("secretsmanager", `secret:${name}-a1b2c3`);

const parameter = (name: string, inputs: Properties) =>
  resource("aws:ssm/parameter:Parameter", name, { name: `/gallery/${name}`, ...inputs });

const machine = (name: string, inputs: Properties = {}) =>
  resource("aws:sfn/stateMachine:StateMachine", name, {
    name,
    roleArn: roleArn(name),
    definition: "{}",
    ...inputs,
  });

const users = (inputs: Properties, client: Properties, clientSecret: string) => [
  resource("aws:dynamodb/table:Table", "photos", { name: "photos", deletionProtectionEnabled: true }),
  resource("aws:cognito/userPool:UserPool", "users", { name: "users", ...inputs }),
  resource("aws:cognito/userPoolClient:UserPoolClient", "web", { userPoolId: "users", ...client }),
  resource("aws:cognito/identityProvider:IdentityProvider", "google", {
    userPoolId: "users",
    providerName: "Google",
    providerType: "Google",
    providerDetails: { client_id: "gallery", client_secret: clientSecret },
  }),
];

const database = (cluster: Properties, instances: readonly string[], instance: Properties = {}) => [
  resource(
    "aws:rds/cluster:Cluster",
    "insights",
    { engine: "aurora-postgresql", ...cluster },
    { arn: arnOf("rds", "cluster:insights") },
  ),
  ...instances.map((name) =>
    resource("aws:rds/clusterInstance:ClusterInstance", name, { clusterIdentifier: "insights", ...instance }),
  ),
];

const cache = (serverless: Properties, user: Properties, nodes: Properties) => [
  resource("aws:elasticache/serverlessCache:ServerlessCache", "views", { engine: "valkey", ...serverless }),
  resource("aws:elasticache/user:User", "views", {
    engine: "valkey",
    userId: "views",
    userName: "views",
    ...user,
  }),
  resource("aws:elasticache/replicationGroup:ReplicationGroup", "sessions", { engine: "redis", ...nodes }),
];

const network = (endpoint: Properties, ...ofNetwork: readonly Resource[]) => [
  resource("aws:ec2/vpc:Vpc", "net", { cidrBlock: "10.0.0.0/16" }),
  resource("aws:ec2/vpcEndpoint:VpcEndpoint", "secrets", {
    vpcId: "net",
    serviceName: "com.amazonaws.eu-west-1.secretsmanager",
    ...endpoint,
  }),
  ...ofNetwork,
];

const way = (direction: "Ingress" | "Egress", other: Properties) =>
  resource(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, "secrets", {
    securityGroupId: "clients",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    ...other,
  });

/** A REST API that stores what is posted, without any function. */
const restApi = (method: Properties, integration: Properties, stage: Properties, settings: Properties) => [
  resource("aws:apigateway/requestValidator:RequestValidator", "views", {
    restApi: "views",
    validateRequestBody: true,
  }),
  resource("aws:apigateway/method:Method", "views", {
    restApi: "views",
    resourceId: "root",
    httpMethod: "POST",
    authorization: "NONE",
    ...method,
  }),
  resource("aws:apigateway/integration:Integration", "views", {
    restApi: "views",
    resourceId: "root",
    httpMethod: "POST",
    type: "AWS",
    uri: `arn:aws:apigateway:eu-west-1:sqs:path/${account}/views`,
    ...integration,
  }),
  resource("aws:apigateway/stage:Stage", "views", {
    restApi: "views",
    stageName: "main",
    deployment: "first",
    ...stage,
  }),
  resource("aws:apigateway/methodSettings:MethodSettings", "views", {
    restApi: "views",
    stageName: "main",
    methodPath: "*/*",
    settings: { cachingEnabled: true, ...settings },
  }),
];

/** Breaks every rule of the pack at least once, but for those about configuration: see `shownConfiguration`. */
export const violating: Resource[] = [
  stack,
  role("shared", { managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"] }),
  resource("aws:iam/rolePolicy:RolePolicy", "policy", { role: "shared", policy: allow(["dynamodb:*"], "*") }),
  resource("aws:cloudwatch/logGroup:LogGroup", "logs", { name: "logs" }),
  lambda("resize", {
    timeout: 10,
    role: roleArn("shared"),
    environment: { variables: { API_KEY: "hunter2-hunter2" } },
  }),
  lambda("notify", {
    role: roleArn("shared"),
    vpcConfig: { subnetIds: ["a"], securityGroupIds: ["clients"] },
  }),
  queue("uploads"),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "uploads", {
    eventSourceArn: arnOf("sqs", "uploads"),
    functionName: "resize",
  }),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "changes", {
    eventSourceArn: arnOf("dynamodb", "table/photos/stream/2025"),
    functionName: "resize",
    startingPosition: "LATEST",
  }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "published", {
    rule: "published",
    arn: arnOf("lambda", "function:notify"),
  }),
  resource("aws:scheduler/schedule:Schedule", "nightly", {
    target: { arn: arnOf("lambda", "function:notify"), roleArn: roleArn("nightly") },
  }),
  resource("aws:sns/topicSubscription:TopicSubscription", "fan-out", {
    protocol: "sqs",
    endpoint: arnOf("sqs", "uploads"),
    topic: arnOf("sns", "uploads"),
  }),
  topic("uploads"),
  resource("aws:kinesis/stream:Stream", "clicks", { name: "clicks", shardCount: 1 }),
  queue("dead"),
  queue("views", {
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf("sqs", "dead"), maxReceiveCount: 3 }),
  }),
  bucket("originals"),
  cors("originals", "*"),
  ...socket("live", { authorizationType: "NONE" }),
  resource("aws:apigatewayv2/stage:Stage", "live", { apiId: "live", name: "live" }),
  key("secrets"),
  secret("webhook"),
  parameter("mail-api-key", { type: "String", value: "hunter2-hunter2" }),
  machine("campaign", { loggingConfiguration: { level: "OFF", includeExecutionData: true } }),
  ...users({}, {}, "hunter2-hunter2"),
  resource("aws:cognito/userPool:UserPool", "staff", { name: "staff", deletionProtection: "ACTIVE" }),
  resource("aws:cognito/userPoolClient:UserPoolClient", "desk", {
    userPoolId: "staff",
    explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
  }),
  ...database({}, ["insights-1"], { publiclyAccessible: true }),
  resource("aws:rds/cluster:Cluster", "orders", { engine: "aurora-postgresql", deletionProtection: true }),
  ...cache({}, { accessString: "on ~* +@all", noPasswordRequired: true }, {}),
  ...network({}, way("Ingress", { cidrIpv4: "0.0.0.0/0" })),
  ...restApi({}, {}, {}, {}),
];

/** With it, `violating` breaks the rules about configuration too. */
export const shownConfiguration = { "gallery:mailApiKey": "hunter2-hunter2" };

const functionOf = (name: string) => [
  role(name),
  resource("aws:iam/rolePolicy:RolePolicy", name, {
    role: name,
    policy: allow(["dynamodb:GetItem"], arnOf("dynamodb", "table/photos")),
  }),
  resource("aws:cloudwatch/logGroup:LogGroup", name, { name: `/aws/lambda/${name}`, retentionInDays: 14 }),
  lambda(name, {
    timeout: 10,
    role: roleArn(name),
    tracingConfig: { mode: "Active" },
    environment: { variables: { TABLE: "photos", API_KEY: arnOf("secretsmanager", "secret:mail-a1b2c3") } },
  }),
];

const dead = arnOf("sqs", "dead");

const tlsOnly = (Action: string, ...Resource: string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action,
        Resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });

const safeQueue = (name: string, inputs: Properties = {}) => [
  queue(name, { sqsManagedSseEnabled: true, ...inputs }),
  resource("aws:sqs/queuePolicy:QueuePolicy", name, {
    queueUrl: queueUrl(name),
    policy: tlsOnly("sqs:*", arnOf("sqs", name)),
  }),
];

const safeBucket = (name: string) => [
  bucket(name),
  resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", name, {
    bucket: name,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  }),
  resource("aws:s3/bucketPolicy:BucketPolicy", name, {
    bucket: name,
    policy: tlsOnly("s3:*", `arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`),
  }),
  resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", name, {
    bucket: name,
    rules: [
      { id: "incomplete", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } },
    ],
  }),
  cors(name, "https://gallery.example"),
];

/** Does what the other does, and keeps every rule. */
export const clean: Resource[] = [
  stack,
  ...functionOf("resize"),
  ...functionOf("notify"),
  ...safeQueue("dead"),
  resource("aws:kinesis/stream:Stream", "clicks", {
    name: "clicks",
    encryptionType: "KMS",
    kmsKeyId: "alias/aws/kinesis",
  }),
  resource("aws:cloudwatch/metricAlarm:MetricAlarm", "dead", {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: "dead" },
    alarmActions: [arnOf("sns", "alarms")],
  }),
  ...safeQueue("uploads", {
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 3 }),
    visibilityTimeoutSeconds: 60,
  }),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "uploads", {
    eventSourceArn: arnOf("sqs", "uploads"),
    functionName: "resize",
    functionResponseTypes: ["ReportBatchItemFailures"],
  }),
  resource("aws:lambda/eventSourceMapping:EventSourceMapping", "changes", {
    eventSourceArn: arnOf("dynamodb", "table/photos/stream/2025"),
    functionName: "resize",
    startingPosition: "LATEST",
    functionResponseTypes: ["ReportBatchItemFailures"],
    destinationConfig: { onFailure: { destinationArn: dead } },
  }),
  resource("aws:cloudwatch/eventTarget:EventTarget", "published", {
    rule: "published",
    arn: arnOf("lambda", "function:notify"),
    deadLetterConfig: { arn: dead },
  }),
  resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "notify", {
    functionName: "notify",
    destinationConfig: { onFailure: { destination: dead } },
  }),
  resource("aws:scheduler/schedule:Schedule", "nightly", {
    target: {
      arn: arnOf("lambda", "function:notify"),
      roleArn: roleArn("nightly"),
      deadLetterConfig: { arn: dead },
    },
  }),
  resource("aws:sns/topicSubscription:TopicSubscription", "fan-out", {
    protocol: "sqs",
    endpoint: arnOf("sqs", "uploads"),
    topic: arnOf("sns", "uploads"),
    redrivePolicy: JSON.stringify({ deadLetterTargetArn: dead }),
  }),
  topic("uploads"),
  resource("aws:sns/topicPolicy:TopicPolicy", "uploads", {
    arn: arnOf("sns", "uploads"),
    policy: tlsOnly("sns:Publish", arnOf("sns", "uploads")),
  }),
  ...safeBucket("originals"),
  ...socket("live", { authorizationType: "CUSTOM", authorizerId: "users" }),
  resource("aws:apigatewayv2/stage:Stage", "live", {
    apiId: "live",
    name: "live",
    accessLogSettings: { destinationArn: arnOf("logs", "log-group:live"), format: "$context.requestId" },
    defaultRouteSettings: { throttlingRateLimit: 50, throttlingBurstLimit: 100 },
  }),
  key("secrets", { enableKeyRotation: true }),
  secret("webhook", { kmsKeyId: arnOf("kms", "key/secrets") }),
  resource("aws:secretsmanager/secretRotation:SecretRotation", "webhook", {
    secretId: secretArn("webhook"),
    rotationLambdaArn: arnOf("lambda", "function:notify"),
    rotationRules: { automaticallyAfterDays: 30 },
  }),
  parameter("mail-api-key", { type: "SecureString", keyId: arnOf("kms", "key/secrets"), value: "set later" }),
  machine("campaign", {
    loggingConfiguration: {
      level: "ALL",
      includeExecutionData: false,
      logDestination: arnOf("logs", "log-group:campaign:*"),
    },
    tracingConfiguration: { enabled: true },
  }),
  ...users(
    {
      deletionProtection: "ACTIVE",
      mfaConfiguration: "OPTIONAL",
      userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireNumbers: true,
        requireSymbols: true,
      },
    },
    {
      allowedOauthFlows: ["code"],
      explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      preventUserExistenceErrors: "ENABLED",
    },
    "hunter2-hunter2",
  ),
  ...database(
    {
      storageEncrypted: true,
      manageMasterUserPassword: true,
      iamDatabaseAuthenticationEnabled: true,
      backupRetentionPeriod: 7,
      deletionProtection: true,
      enabledCloudwatchLogsExports: ["postgresql"],
    },
    ["insights-1", "insights-2"],
    { publiclyAccessible: false },
  ),
  ...cache(
    {
      userGroupId: "views",
      cacheUsageLimits: {
        dataStorage: { maximum: 1, unit: "GB" },
        ecpuPerSeconds: [{ maximum: 1000 }],
      },
    },
    { accessString: "on ~views:* -@all +get", authenticationMode: { type: "iam" } },
    { transitEncryptionEnabled: true, atRestEncryptionEnabled: true },
  ),
  ...network(
    { policy: allow(["secretsmanager:GetSecretValue"], secretArn("webhook")) },
    way("Egress", { referencedSecurityGroupId: "secrets" }),
    resource("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "net-default", {
      vpcId: "net",
      ingress: [],
      egress: [],
    }),
    resource("aws:ec2/flowLog:FlowLog", "net-refused", { vpcId: "net", trafficType: "REJECT" }),
  ),
  ...restApi(
    { requestValidatorId: "views", requestModels: { "application/json": "View" } },
    { passthroughBehavior: "NEVER" },
    {
      xrayTracingEnabled: true,
      accessLogSettings: { destinationArn: arnOf("logs", "log-group:views"), format: "$context.requestId" },
    },
    { throttlingRateLimit: 50, throttlingBurstLimit: 100, cacheDataEncrypted: true },
  ),
];
