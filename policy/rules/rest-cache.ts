import { MethodSettings } from "@pulumi/aws/apigateway/methodSettings";
import { fsbp } from "../reference";
import { resourceRule } from "../rule";

export const restCache = resourceRule({
  name: "rest-cache",
  description: "What REST APIs cache is encrypted, and only who is allowed to can have it made anew.",
  severity: "medium",
  reference: fsbp("APIGateway.5", "API Gateway REST API cache data should be encrypted at rest"),
  remediation:
    "Set cacheDataEncrypted to true, and leave requireAuthorizationForCacheControl true, which is the default.",
  type: MethodSettings,
  check: ({ settings }, report) => {
    if (settings.cachingEnabled !== true) return;
    if (settings.cacheDataEncrypted !== true) report("caches data without encryption");
    if (settings.requireAuthorizationForCacheControl === false) report("lets anybody empty the cache");
  },
});
