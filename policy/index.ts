import { PolicyPack } from "@pulumi/policy";
import { rememberStackConfiguration } from "./configuration";
import { apiAccessLog } from "./rules/api-access-log";
import { apiThrottling } from "./rules/api-throttling";
import { asyncFailureDestination } from "./rules/async-failure-destination";
import { bucketCorsOrigins } from "./rules/bucket-cors-origins";
import { bucketLifecycle } from "./rules/bucket-lifecycle";
import { bucketPublicAccess } from "./rules/bucket-public-access";
import { bucketTlsOnly } from "./rules/bucket-tls-only";
import { cacheAccessString } from "./rules/cache-access-string";
import { cacheEncryptionAtRest } from "./rules/cache-encryption-at-rest";
import { cacheEncryptionInTransit } from "./rules/cache-encryption-in-transit";
import { cacheIamAuthentication } from "./rules/cache-iam-authentication";
import { cacheUsageLimits } from "./rules/cache-usage-limits";
import { cacheUserGroup } from "./rules/cache-user-group";
import { databaseBackups } from "./rules/database-backups";
import { databaseDeletionProtection } from "./rules/database-deletion-protection";
import { databaseEncryption } from "./rules/database-encryption";
import { databaseIamAuthentication } from "./rules/database-iam-authentication";
import { databaseLogs } from "./rules/database-logs";
import { databaseMasterPassword } from "./rules/database-master-password";
import { databaseNotPublic } from "./rules/database-not-public";
import { databaseZones } from "./rules/database-zones";
import { deadLetterAlarm } from "./rules/dead-letter-alarm";
import { defaultSecurityGroupClosed } from "./rules/default-security-group-closed";
import { endpointPolicy } from "./rules/endpoint-policy";
import { eventTargetDeadLetter } from "./rules/event-target-dead-letter";
import { functionLogGroup } from "./rules/function-log-group";
import { functionTracing } from "./rules/function-tracing";
import { functionZones } from "./rules/function-zones";
import { identityProviderSecret } from "./rules/identity-provider-secret";
import { kmsKeyRotation } from "./rules/kms-key-rotation";
import { logGroupRetention } from "./rules/log-group-retention";
import { noManagedPolicy } from "./rules/no-managed-policy";
import { noSecretInConfiguration } from "./rules/no-secret-in-configuration";
import { noSecretInEnvironment } from "./rules/no-secret-in-environment";
import { noWildcardAction } from "./rules/no-wildcard-action";
import { noWildcardResource } from "./rules/no-wildcard-resource";
import { oneRolePerFunction } from "./rules/one-role-per-function";
import { parameterSecureString } from "./rules/parameter-secure-string";
import { partialBatchResponse } from "./rules/partial-batch-response";
import { queueEncryption } from "./rules/queue-encryption";
import { queueRedrive } from "./rules/queue-redrive";
import { queueTlsOnly } from "./rules/queue-tls-only";
import { queueVisibilityTimeout } from "./rules/queue-visibility-timeout";
import { restAccessLog } from "./rules/rest-access-log";
import { restAuthorization } from "./rules/rest-authorization";
import { restCache } from "./rules/rest-cache";
import { restRequestValidation } from "./rules/rest-request-validation";
import { restThrottling } from "./rules/rest-throttling";
import { restTracing } from "./rules/rest-tracing";
import { scheduleDeadLetter } from "./rules/schedule-dead-letter";
import { secretCustomerKey } from "./rules/secret-customer-key";
import { secretRotation } from "./rules/secret-rotation";
import { securityGroupOpen } from "./rules/security-group-open";
import { stateMachineExecutionData } from "./rules/state-machine-execution-data";
import { stateMachineLogging } from "./rules/state-machine-logging";
import { stateMachineTracing } from "./rules/state-machine-tracing";
import { streamEncryption } from "./rules/stream-encryption";
import { streamFailureDestination } from "./rules/stream-failure-destination";
import { subscriptionRedrive } from "./rules/subscription-redrive";
import { topicTlsOnly } from "./rules/topic-tls-only";
import { userPoolClientFlows } from "./rules/user-pool-client-flows";
import { userPoolClientPassword } from "./rules/user-pool-client-password";
import { userPoolDeletionProtection } from "./rules/user-pool-deletion-protection";
import { userPoolMfa } from "./rules/user-pool-mfa";
import { userPoolPasswordPolicy } from "./rules/user-pool-password-policy";
import { userPoolThreatProtection } from "./rules/user-pool-threat-protection";
import { vpcFlowLog } from "./rules/vpc-flow-log";
import { websocketAuthorization } from "./rules/websocket-authorization";

rememberStackConfiguration();

new PolicyPack("gallery", {
  displayName: "Gallery",
  provider: "aws",
  policies: [
    noWildcardAction,
    noWildcardResource,
    noManagedPolicy,
    oneRolePerFunction,
    noSecretInEnvironment,
    noSecretInConfiguration,
    kmsKeyRotation,
    secretCustomerKey,
    secretRotation,
    parameterSecureString,
    identityProviderSecret,
    logGroupRetention,
    functionLogGroup,
    functionTracing,
    stateMachineLogging,
    stateMachineExecutionData,
    stateMachineTracing,
    apiAccessLog,
    streamFailureDestination,
    eventTargetDeadLetter,
    scheduleDeadLetter,
    asyncFailureDestination,
    queueRedrive,
    subscriptionRedrive,
    deadLetterAlarm,
    partialBatchResponse,
    queueVisibilityTimeout,
    queueEncryption,
    queueTlsOnly,
    streamEncryption,
    topicTlsOnly,
    bucketPublicAccess,
    bucketTlsOnly,
    bucketCorsOrigins,
    bucketLifecycle,
    websocketAuthorization,
    apiThrottling,
    restAuthorization,
    restRequestValidation,
    restThrottling,
    restAccessLog,
    restTracing,
    restCache,
    securityGroupOpen,
    defaultSecurityGroupClosed,
    vpcFlowLog,
    functionZones,
    endpointPolicy,
    userPoolPasswordPolicy,
    userPoolMfa,
    userPoolThreatProtection,
    userPoolDeletionProtection,
    userPoolClientFlows,
    userPoolClientPassword,
    databaseEncryption,
    databaseMasterPassword,
    databaseIamAuthentication,
    databaseNotPublic,
    databaseBackups,
    databaseDeletionProtection,
    databaseZones,
    databaseLogs,
    cacheUserGroup,
    cacheIamAuthentication,
    cacheAccessString,
    cacheUsageLimits,
    cacheEncryptionInTransit,
    cacheEncryptionAtRest,
  ],
});
