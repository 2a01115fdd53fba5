import { parseArn } from "../arn";
import { type Need, roleMay } from "./need";

/** Service of the target's ARN → action that hands it a message, event or record. */
const actions: Readonly<Record<string, string>> = {
  events: "events:PutEvents",
  firehose: "firehose:PutRecord",
  kinesis: "kinesis:PutRecord",
  lambda: "lambda:InvokeFunction",
  s3: "s3:PutObject",
  sns: "sns:Publish",
  sqs: "sqs:SendMessage",
  states: "states:StartExecution",
};

/** The action that hands something to the target, if the target is of a kind known here. */
export function sendingAction(targetArn: string): string | undefined {
  const arn = parseArn(targetArn);
  return arn?.resource.startsWith("api-destination/")
    ? "events:InvokeApiDestination"
    : actions[arn?.service ?? ""];
}

/** The role must be able to hand something to the target. */
export function roleSends(role: string | undefined, targetArn: string | undefined, because: string): Need[] {
  const action = sendingAction(targetArn ?? "");
  if (!targetArn || !action) {
    return [];
  }
  return roleMay(role, [action], action === "s3:PutObject" ? `${targetArn}/*` : targetArn, because);
}
