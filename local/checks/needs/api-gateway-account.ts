import type * as aws from "@pulumi/aws";
import { type NeedsTable, needsOf, trusts } from "./need";

export const apiGatewayAccount: NeedsTable = {
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
  "aws:apigateway/account:Account": needsOf<aws.apigateway.AccountArgs>(({ inputs }) =>
    trusts(
      inputs.cloudwatchRoleArn,
      "apigateway.amazonaws.com",
      "API Gateway writes the logs of APIs with it",
    ),
  ),
};
