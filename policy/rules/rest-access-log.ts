import { Stage } from "@pulumi/aws/apigateway/stage";
import { known } from "../known";
import { cdkNag } from "../reference";
import { resourceRule } from "../rule";

export const restAccessLog = resourceRule({
  name: "rest-access-log",
  description: "REST APIs log who asks for what.",
  severity: "medium",
  reference: cdkNag("AwsSolutions", "APIG1"),
  remediation: "Set accessLogSettings to { destinationArn, format }, the ARN of a log group.",
  type: Stage,
  check: ({ accessLogSettings }, report) => {
    if (!known(() => accessLogSettings?.destinationArn)) report("does not log accesses");
  },
});
