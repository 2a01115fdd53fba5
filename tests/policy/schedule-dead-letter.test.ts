import { Schedule } from "@pulumi/aws/scheduler/schedule";
import { scheduleDeadLetter } from "../../policy/rules/schedule-dead-letter";
import { judge, unknown } from "./judge";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:roll-up";

describe("schedule-dead-letter", () => {
  test.each([{ target: { arn } }, { target: { arn, deadLetterConfig: {} } }])("refuses %j", (props) => {
    expect(judge(scheduleDeadLetter, Schedule, props)).toEqual([
      expect.stringMatching(/^'subject' drops the invocations .* Set target\.deadLetterConfig\.arn/),
    ]);
  });

  test.each([
    { target: { arn, deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:123456789012:dead" } } },
    { target: { arn, deadLetterConfig: { arn: unknown } } },
    { target: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(scheduleDeadLetter, Schedule, props)).toEqual([]);
  });
});
