import type * as aws from "@pulumi/aws";
import { arnOf } from "../graph";
import { type NeedsTable, needsOf, trusts } from "./need";
import { roleSends } from "./sending";

export const scheduler: NeedsTable = {
  "aws:scheduler/schedule:Schedule": needsOf<aws.scheduler.ScheduleArgs>((schedule) => {
    const { arn, roleArn, deadLetterConfig } = schedule.inputs.target ?? {};
    const who = `schedule ${schedule.name}`;
    // The scheduler names the group, never the schedule, when it takes a role.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    const group = arnOf(schedule)?.replace(/:schedule\/([^/]+)\/.*$/, ":schedule-group/$1");
    return [
      ...trusts(roleArn, "scheduler.amazonaws.com", `${who} runs with it`, group),
      ...roleSends(roleArn, arn, `${who} starts it`),
      ...roleSends(roleArn, deadLetterConfig?.arn, `${who} leaves there what it cannot start`),
    ];
  }),
};
