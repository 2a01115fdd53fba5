import type * as aws from "@pulumi/aws";
import { parseArn } from "../arn";
import { arnOf, type Graph, type Node } from "../graph";
import { accepts, type Need, type NeedsTable, needsOf, trusts } from "./need";
import { roleSends, sendingAction } from "./sending";

const principal = "events.amazonaws.com";

type Target = Node<aws.cloudwatch.EventTargetArgs>;

/** Services whose own policies let a rule deliver, whatever role is given; for all others it takes the role. */
const byResourcePolicy = new Set(["lambda", "sns", "sqs"]);

/** The name of a bus that is given by name, by ARN, or not at all. */
function busName(bus: string | undefined): string {
  return bus?.replace(/^arn:.*:event-bus\//, "") ?? "default";
}

function ruleOf({ inputs: { rule, eventBusName } }: Target, graph: Graph) {
  return graph
    .ofType<aws.cloudwatch.EventRuleArgs>("aws:cloudwatch/eventRule:EventRule")
    .find(
      ({ id, inputs, outputs }) =>
        busName(inputs.eventBusName) === busName(eventBusName) && [id, outputs.name].includes(rule),
    );
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html */
function deliveryNeeds(target: Target, ruleArn: string | undefined, who: string): Need[] {
  const because = `${who} sends events to it`;
  const { arn = "", roleArn } = target.inputs;
  const service = parseArn(arn)?.service ?? "";
  if (service === "logs") {
    const logGroup = arn.replace(/:\*$/, "");
    const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
    const [need] = accepts(logGroup, principal, actions, ruleArn, because);
    return need ? [{ ...need, resource: `${logGroup}:log-stream:*` }] : [];
  }
  if (byResourcePolicy.has(service)) {
    const action = sendingAction(arn);
    return action ? accepts(arn, principal, [action], ruleArn, because) : [];
  }
  return [
    ...trusts(roleArn, principal, `${who} delivers with it`, ruleArn),
    ...roleSends(roleArn, arn, because),
  ];
}

export const events: NeedsTable = {
  "aws:cloudwatch/eventTarget:EventTarget": needsOf<aws.cloudwatch.EventTargetArgs>((target, graph) => {
    const rule = ruleOf(target, graph);
    const ruleArn = arnOf(rule);
    const who = `rule ${rule?.name ?? target.inputs.rule}`;
    const lost = target.inputs.deadLetterConfig?.arn;
    return [
      ...deliveryNeeds(target, ruleArn, who),
      ...accepts(lost, principal, ["sqs:SendMessage"], ruleArn, `${who} leaves there what it cannot deliver`),
    ];
  }),
};
