/** What the front door knows of one AWS service. */
export interface ServiceTable {
  /** IAM's prefix where it is not the signing name. */
  readonly prefix?: string;
  /** ARNs of this service name no region. */
  readonly global?: true;
  /** Operations of a REST protocol, by method and path. Others are named in the request itself. */
  readonly operations?: Readonly<Record<string, string>>;
  /** Bodies of these operations name the resource together with the path, not only where the path has none. */
  readonly namesInBody?: true;
  /** IAM actions of operations that are not named like theirs. */
  readonly actions?: Readonly<Record<string, string>>;
  /** IAM action → resource template, for operations whose items each ask for an action of their own. */
  readonly itemActions?: Readonly<Record<string, string>>;
  /**
   * Templates for the resource part of an ARN, filled from the request's fields; the first that can be filled
   * counts. After `=` it is the name alone that is known, not an ARN.
   */
  readonly resources: readonly string[];
}

/** For services without a table, and after every table. */
const ANY_SERVICE = ["={ResourceArn}", "={resourceArn}", "={ResourceARN}"];

const NO_TABLE: ServiceTable = { resources: ANY_SERVICE };

/** @param service signing name, as in the credential scope. */
export function serviceTable(service: string): ServiceTable {
  return TABLES[service] ?? NO_TABLE;
}

const LAMBDA = "/functions/{FunctionName}";

const TABLES: Readonly<Record<string, ServiceTable>> = Object.fromEntries(
  Object.entries<ServiceTable>({
    acm: { resources: ["={CertificateArn}", "={DomainName}"] },
    "cognito-idp": { resources: ["userpool/{UserPoolId}", "={ClientId}", "={PoolName}"] },
    dynamodb: {
      itemActions: {
        ConditionCheckItem: "table/{TransactItems.*.ConditionCheck.TableName}",
        DeleteItem: "table/{TransactItems.*.Delete.TableName}",
        GetItem: "table/{TransactItems.*.Get.TableName}",
        PutItem: "table/{TransactItems.*.Put.TableName}",
        UpdateItem: "table/{TransactItems.*.Update.TableName}",
      },
      resources: [
        "table/{TableName}/index/{IndexName}",
        "table/{TableName}",
        "table/{RequestItems.#}",
        "={StreamArn}",
        "={TableArn}",
        "={BackupArn}",
        "={ExportArn}",
      ],
    },
    elasticache: {
      resources: [
        "serverlesscache:{ServerlessCacheName}",
        "replicationgroup:{ReplicationGroupId}",
        "cluster:{CacheClusterId}",
      ],
    },
    events: {
      resources: [
        "event-bus/{Entries.*.EventBusName|default}",
        "rule/{EventBusName}/{Name}",
        "rule/{EventBusName}/{Rule}",
        "event-bus/{EventBusName}",
        "rule/{Rule}",
        "rule/{Name}",
      ],
    },
    firehose: { resources: ["deliverystream/{DeliveryStreamName}"] },
    iam: {
      global: true,
      resources: ["role/{RoleName}", "user/{UserName}", "={PolicyArn}", "policy/{PolicyName}"],
    },
    kinesis: { resources: ["={StreamARN}", "stream/{StreamName}"] },
    kms: { resources: ["key/{KeyId}", "{AliasName}"] },
    lambda: {
      operations: {
        "GET /account-settings": "GetAccountSettings",
        "GET /event-source-mappings": "ListEventSourceMappings",
        "POST /event-source-mappings": "CreateEventSourceMapping",
        "GET /event-source-mappings/{UUID}": "GetEventSourceMapping",
        "PUT /event-source-mappings/{UUID}": "UpdateEventSourceMapping",
        "DELETE /event-source-mappings/{UUID}": "DeleteEventSourceMapping",
        "GET /functions": "ListFunctions",
        "POST /functions": "CreateFunction",
        [`GET ${LAMBDA}`]: "GetFunction",
        [`DELETE ${LAMBDA}`]: "DeleteFunction",
        [`GET ${LAMBDA}/aliases`]: "ListAliases",
        [`POST ${LAMBDA}/aliases`]: "CreateAlias",
        [`GET ${LAMBDA}/aliases/{Alias}`]: "GetAlias",
        [`PUT ${LAMBDA}/aliases/{Alias}`]: "UpdateAlias",
        [`DELETE ${LAMBDA}/aliases/{Alias}`]: "DeleteAlias",
        [`PUT ${LAMBDA}/code`]: "UpdateFunctionCode",
        [`GET ${LAMBDA}/code-signing-config`]: "GetFunctionCodeSigningConfig",
        [`GET ${LAMBDA}/concurrency`]: "GetFunctionConcurrency",
        [`PUT ${LAMBDA}/concurrency`]: "PutFunctionConcurrency",
        [`DELETE ${LAMBDA}/concurrency`]: "DeleteFunctionConcurrency",
        [`GET ${LAMBDA}/configuration`]: "GetFunctionConfiguration",
        [`PUT ${LAMBDA}/configuration`]: "UpdateFunctionConfiguration",
        [`GET ${LAMBDA}/event-invoke-config`]: "GetFunctionEventInvokeConfig",
        [`PUT ${LAMBDA}/event-invoke-config`]: "PutFunctionEventInvokeConfig",
        [`POST ${LAMBDA}/event-invoke-config`]: "UpdateFunctionEventInvokeConfig",
        [`DELETE ${LAMBDA}/event-invoke-config`]: "DeleteFunctionEventInvokeConfig",
        [`POST ${LAMBDA}/invocations`]: "InvokeFunction",
        [`POST ${LAMBDA}/invoke-async`]: "InvokeFunction",
        [`POST ${LAMBDA}/response-streaming-invocations`]: "InvokeFunction",
        [`GET ${LAMBDA}/policy`]: "GetPolicy",
        [`POST ${LAMBDA}/policy`]: "AddPermission",
        [`DELETE ${LAMBDA}/policy/{StatementId}`]: "RemovePermission",
        [`GET ${LAMBDA}/provisioned-concurrency`]: "GetProvisionedConcurrencyConfig",
        [`PUT ${LAMBDA}/provisioned-concurrency`]: "PutProvisionedConcurrencyConfig",
        [`DELETE ${LAMBDA}/provisioned-concurrency`]: "DeleteProvisionedConcurrencyConfig",
        [`GET ${LAMBDA}/recursion-config`]: "GetFunctionRecursionConfig",
        [`PUT ${LAMBDA}/recursion-config`]: "PutFunctionRecursionConfig",
        [`GET ${LAMBDA}/url`]: "GetFunctionUrlConfig",
        [`POST ${LAMBDA}/url`]: "CreateFunctionUrlConfig",
        [`PUT ${LAMBDA}/url`]: "UpdateFunctionUrlConfig",
        [`DELETE ${LAMBDA}/url`]: "DeleteFunctionUrlConfig",
        [`GET ${LAMBDA}/versions`]: "ListVersionsByFunction",
        [`POST ${LAMBDA}/versions`]: "PublishVersion",
        "GET /layers": "ListLayers",
        "GET /layers/{LayerName}/versions": "ListLayerVersions",
        "POST /layers/{LayerName}/versions": "PublishLayerVersion",
        "GET /layers/{LayerName}/versions/{VersionNumber}": "GetLayerVersion",
        "DELETE /layers/{LayerName}/versions/{VersionNumber}": "DeleteLayerVersion",
        "GET /tags/{Resource+}": "ListTags",
        "POST /tags/{Resource+}": "TagResource",
        "DELETE /tags/{Resource+}": "UntagResource",
      },
      resources: [
        "={Resource}",
        "event-source-mapping:{UUID}",
        "layer:{LayerName}:{VersionNumber}",
        "layer:{LayerName}",
        "function:{FunctionName}",
      ],
    },
    logs: {
      resources: ["log-group:{logGroupName}", "log-group:{logGroupNames.*}", "={logGroupIdentifier}"],
    },
    monitoring: {
      prefix: "cloudwatch",
      resources: ["alarm:{AlarmName}", "alarm:{AlarmNames.*}", "={Namespace}", "={DashboardName}"],
    },
    pipes: {
      operations: {
        "GET /v1/pipes": "ListPipes",
        "GET /v1/pipes/{Name}": "DescribePipe",
        "POST /v1/pipes/{Name}": "CreatePipe",
        "PUT /v1/pipes/{Name}": "UpdatePipe",
        "DELETE /v1/pipes/{Name}": "DeletePipe",
        "POST /v1/pipes/{Name}/start": "StartPipe",
        "POST /v1/pipes/{Name}/stop": "StopPipe",
      },
      resources: ["pipe/{Name}"],
    },
    rds: { resources: ["cluster:{DBClusterIdentifier}", "db:{DBInstanceIdentifier}"] },
    "rds-data": {
      operations: {
        "POST /BatchExecute": "BatchExecuteStatement",
        "POST /BeginTransaction": "BeginTransaction",
        "POST /CommitTransaction": "CommitTransaction",
        "POST /Execute": "ExecuteStatement",
        "POST /RollbackTransaction": "RollbackTransaction",
      },
      resources: ["={resourceArn}"],
    },
    scheduler: {
      namesInBody: true,
      operations: {
        "GET /schedule-groups": "ListScheduleGroups",
        "GET /schedule-groups/{GroupName}": "GetScheduleGroup",
        "POST /schedule-groups/{GroupName}": "CreateScheduleGroup",
        "DELETE /schedule-groups/{GroupName}": "DeleteScheduleGroup",
        "GET /schedules": "ListSchedules",
        "GET /schedules/{ScheduleName}": "GetSchedule",
        "POST /schedules/{ScheduleName}": "CreateSchedule",
        "PUT /schedules/{ScheduleName}": "UpdateSchedule",
        "DELETE /schedules/{ScheduleName}": "DeleteSchedule",
      },
      resources: [
        "schedule/{GroupName}/{ScheduleName}",
        "schedule/{groupName}/{ScheduleName}",
        "schedule/default/{ScheduleName}",
        "schedule-group/{GroupName}",
      ],
    },
    secretsmanager: { resources: ["secret:{SecretId}", "secret:{Name}"] },
    ses: {
      operations: {
        "GET /v2/email/account": "GetAccount",
        "GET /v2/email/configuration-sets": "ListConfigurationSets",
        "POST /v2/email/configuration-sets": "CreateConfigurationSet",
        "GET /v2/email/configuration-sets/{ConfigurationSetName}": "GetConfigurationSet",
        "DELETE /v2/email/configuration-sets/{ConfigurationSetName}": "DeleteConfigurationSet",
        "GET /v2/email/identities": "ListEmailIdentities",
        "POST /v2/email/identities": "CreateEmailIdentity",
        "GET /v2/email/identities/{EmailIdentity}": "GetEmailIdentity",
        "DELETE /v2/email/identities/{EmailIdentity}": "DeleteEmailIdentity",
        "POST /v2/email/outbound-bulk-emails": "SendBulkEmail",
        "POST /v2/email/outbound-emails": "SendEmail",
        "GET /v2/email/tags": "ListTagsForResource",
        "POST /v2/email/tags": "TagResource",
        "DELETE /v2/email/tags": "UntagResource",
        "GET /v2/email/templates": "ListEmailTemplates",
        "POST /v2/email/templates": "CreateEmailTemplate",
        "GET /v2/email/templates/{TemplateName}": "GetEmailTemplate",
        "PUT /v2/email/templates/{TemplateName}": "UpdateEmailTemplate",
        "DELETE /v2/email/templates/{TemplateName}": "DeleteEmailTemplate",
      },
      resources: [
        "={FromEmailAddressIdentityArn}",
        "identity/{FromEmailAddress}",
        "identity/{Source}",
        "identity/{EmailIdentity}",
        "template/{TemplateName}",
        "configuration-set/{ConfigurationSetName}",
      ],
    },
    sns: {
      actions: { PublishBatch: "Publish" },
      resources: ["={TopicArn}", "={TargetArn}", "={SubscriptionArn}", "{Name}"],
    },
    sqs: {
      actions: {
        ChangeMessageVisibilityBatch: "ChangeMessageVisibility",
        DeleteMessageBatch: "DeleteMessage",
        SendMessageBatch: "SendMessage",
      },
      resources: ["{QueueUrl}", "{QueueName}"],
    },
    ssm: {
      resources: ["parameter/{Name}", "parameter/{Names.*}", "parameter/{Path}", "parameter/{ResourceId}"],
    },
    states: {
      resources: ["={stateMachineArn}", "={executionArn}", "={activityArn}", "stateMachine:{name}"],
    },
    sts: { resources: ["={RoleArn}"] },
    tagging: { prefix: "tag", resources: [] },
    wafv2: { resources: ["={WebACLArn}", "={ARN}", "={Name}"] },
    xray: {
      operations: {
        "POST /GetSamplingRules": "GetSamplingRules",
        "POST /SamplingTargets": "GetSamplingTargets",
        "POST /TelemetryRecords": "PutTelemetryRecords",
        "POST /TraceSegments": "PutTraceSegments",
        "POST /TraceSummaries": "GetTraceSummaries",
        "POST /Traces": "BatchGetTraces",
      },
      resources: [],
    },
  }).map(([service, table]) => [service, { ...table, resources: [...table.resources, ...ANY_SERVICE] }]),
);
