import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type {
  PostConfirmationTriggerEvent,
  PreSignUpTriggerEvent,
  PreTokenGenerationV2TriggerEvent,
} from "aws-lambda";

/** Steps that a function may take part in, with what it gets and answers. */
export interface TriggerEvents {
  /** Before a user is made: an error refuses it. */
  readonly preSignUp: PreSignUpTriggerEvent;
  /** After a user has shown that the address is theirs, and after a forgotten password was set anew. */
  readonly postConfirmation: PostConfirmationTriggerEvent;
  /** Before tokens are made, at sign-in and at each refresh: adds claims to id and access tokens. */
  readonly preTokenGeneration: PreTokenGenerationV2TriggerEvent;
}
export type TriggerName = keyof TriggerEvents;

/** The pool's configuration of its triggers. */
export function triggersOf(
  triggers: readonly { readonly trigger: TriggerName; readonly arn: pulumi.Output<string> }[],
): pulumi.Unwrap<aws.types.input.cognito.UserPoolLambdaConfig> | undefined {
  const config: Record<string, unknown> = {};
  for (const { trigger, arn } of triggers) {
    // Only the second version of this event can change access tokens.
    if (trigger === "preTokenGeneration") {
      config.preTokenGenerationConfig = { lambdaArn: arn, lambdaVersion: "V2_0" };
    } else {
      config[trigger] = arn;
    }
  }
  return triggers.length === 0 ? undefined : config;
}
