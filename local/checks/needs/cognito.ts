import type * as aws from "@pulumi/aws";
import { functionArnIn } from "../arn";
import { arnOf } from "../graph";
import { invokes, type NeedsTable, needsOf } from "./need";

/** ARN of a trigger's function: some triggers are given with settings beside it. */
function triggerArn(trigger: unknown): string | undefined {
  const arn: unknown = typeof trigger === "string" ? trigger : Object(trigger).lambdaArn;
  return typeof arn === "string" ? functionArnIn(arn) : undefined;
}

export const cognito: NeedsTable = {
  "aws:cognito/userPool:UserPool": needsOf<aws.cognito.UserPoolArgs>((pool) =>
    Object.entries(pool.inputs.lambdaConfig ?? {}).flatMap(([trigger, value]) =>
      invokes(
        triggerArn(value),
        "cognito-idp.amazonaws.com",
        arnOf(pool),
        `user pool ${pool.name} has it as its ${trigger} trigger`,
      ),
    ),
  ),
};
