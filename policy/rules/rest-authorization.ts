import { Method } from "@pulumi/aws/apigateway/method";
import { known } from "../known";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

/** A method is open on purpose only if it says what it takes; what a browser asks beforehand passes nothing on. */
export const restAuthorization = resourceRule({
  name: "rest-authorization",
  description: "REST APIs know who calls, or judge what anybody may send.",
  severity: "high",
  reference: cdkNag("AwsSolutions", "APIG4"),
  remediation:
    "Set authorization, or apiKeyRequired; for a method that is open on purpose, requestValidatorId of a RequestValidator.",
  type: Method,
  check: ({ authorization, apiKeyRequired, httpMethod, ...method }, report) => {
    const isOpen = authorization === "NONE" && apiKeyRequired !== true && httpMethod !== "OPTIONS";
    if (isOpen && !known(() => method.requestValidatorId)) {
      report("lets anybody call, with anything");
    }
  },
});
