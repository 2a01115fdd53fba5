import type * as aws from "@pulumi/aws";
import { functionArnIn } from "../arn";
import { arnOf, type Graph, isOpen, type Node } from "../graph";
import { invokes, type Need, type NeedsTable, needsOf, roleMay, trusts } from "./need";

const principal = "cognito-idp.amazonaws.com";

type Pool = Node<aws.cognito.UserPoolArgs>;

/** ARN of a trigger's function: some triggers are given with settings beside it. */
function triggerArn(trigger: unknown): string | undefined {
  const arn: unknown = typeof trigger === "string" ? trigger : Object(trigger).lambdaArn;
  return typeof arn === "string" ? functionArnIn(arn) : undefined;
}

function triggerNeeds(pool: Pool): Need[] {
  return Object.entries(pool.inputs.lambdaConfig ?? {}).flatMap(([trigger, value]) =>
    invokes(
      triggerArn(value),
      principal,
      arnOf(pool),
      `user pool ${pool.name} has it as its ${trigger} trigger`,
    ),
  );
}

/**
 * Functions that send codes themselves get them encrypted.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html
 */
function customSenderNeeds({ name, inputs }: Pool, graph: Graph): Need[] {
  const { kmsKeyId, customEmailSender, customSmsSender } = inputs.lambdaConfig ?? {};
  const key = graph.find<aws.kms.KeyArgs>("aws:kms/key:Key", kmsKeyId);
  // A key with a policy of its own may allow by that what the role does not.
  if (key && "policy" in key.inputs) {
    return [];
  }
  return [customEmailSender, customSmsSender].flatMap((sender) => {
    const fn = graph.findFunction(triggerArn(sender));
    return roleMay(
      fn?.inputs.role,
      ["kms:Decrypt"],
      kmsKeyId,
      `user pool ${name} encrypts with it the codes that ${fn?.name} sends`,
    );
  });
}

/**
 * Cognito sends text messages with a role, and proves to be asked by this pool with an id that the role can demand.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-sms-settings.html
 */
function textMessageNeeds(pool: Pool): Need[] {
  const { snsCallerArn: role, externalId } = pool.inputs.smsConfiguration ?? {};
  const because = `user pool ${pool.name} sends text messages with it`;
  // An id that the plan does not know may be the one that the role demands.
  const idIsOpen = isOpen(pool.inputs.smsConfiguration ?? {}, "externalId");
  const taken = trusts(role, principal, because, arnOf(pool)).map((need) => ({
    ...need,
    ...(externalId && { context: { "sts:externalid": externalId } }),
  }));
  return [...(idIsOpen ? [] : taken), ...roleMay(role, ["sns:Publish"], "*", because)];
}

export const cognito: NeedsTable = {
  "aws:cognito/userPool:UserPool": needsOf<aws.cognito.UserPoolArgs>((pool, graph) => [
    ...triggerNeeds(pool),
    ...customSenderNeeds(pool, graph),
    ...textMessageNeeds(pool),
  ]),
};
