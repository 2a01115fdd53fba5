import type * as aws from "@pulumi/aws";
import { parseArn } from "../arn";
import { arnOf, type Node } from "../graph";
import { accepts, invokes, type Need, type NeedsTable, needsOf } from "./need";

type Alarm = Node<
  Pick<aws.cloudwatch.CompositeAlarmArgs, "alarmActions" | "okActions" | "insufficientDataActions">
>;

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
function actionNeeds(alarm: Alarm): Need[] {
  const { alarmActions = [], okActions = [], insufficientDataActions = [] } = alarm.inputs;
  const alarmArn = arnOf(alarm);
  const because = `alarm ${alarm.name} acts through it`;
  // What a topic's default policy asks for.
  const owner = { "aws:sourceowner": parseArn(alarmArn ?? "")?.account ?? "" };
  return [...new Set([...alarmActions, ...okActions, ...insufficientDataActions])].flatMap((action) => {
    switch (parseArn(action)?.service) {
      case "lambda":
        return invokes(action, "lambda.alarms.cloudwatch.amazonaws.com", alarmArn, because);
      case "sns":
        return accepts(action, "cloudwatch.amazonaws.com", ["sns:Publish"], alarmArn, because, owner);
      default:
        return [];
    }
  });
}

export const alarms: NeedsTable = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": needsOf(actionNeeds),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": needsOf(actionNeeds),
};
