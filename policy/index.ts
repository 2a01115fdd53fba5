import { PolicyPack } from "@pulumi/policy";
import { rememberStackConfiguration } from "./configuration";
import { asyncFailureDestination } from "./rules/async-failure-destination";
import { eventTargetDeadLetter } from "./rules/event-target-dead-letter";
import { functionLogGroup } from "./rules/function-log-group";
import { functionTracing } from "./rules/function-tracing";
import { logGroupRetention } from "./rules/log-group-retention";
import { noManagedPolicy } from "./rules/no-managed-policy";
import { noSecretInConfiguration } from "./rules/no-secret-in-configuration";
import { noSecretInEnvironment } from "./rules/no-secret-in-environment";
import { noWildcardAction } from "./rules/no-wildcard-action";
import { noWildcardResource } from "./rules/no-wildcard-resource";
import { oneRolePerFunction } from "./rules/one-role-per-function";
import { queueRedrive } from "./rules/queue-redrive";
import { scheduleDeadLetter } from "./rules/schedule-dead-letter";
import { streamFailureDestination } from "./rules/stream-failure-destination";
import { subscriptionRedrive } from "./rules/subscription-redrive";

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
    logGroupRetention,
    functionLogGroup,
    functionTracing,
    streamFailureDestination,
    eventTargetDeadLetter,
    scheduleDeadLetter,
    asyncFailureDestination,
    queueRedrive,
    subscriptionRedrive,
  ],
});
