import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { eventTargetDeadLetter } from "../../policy/rules/event-target-dead-letter";
import { judge, unknown } from "./judge";

describe("event-target-dead-letter", () => {
  test.each([{}, { deadLetterConfig: {} }])("refuses %j", (props) => {
    expect(judge(eventTargetDeadLetter, EventTarget, props)).toEqual([
      expect.stringMatching(/^'subject' drops the events .* Set deadLetterConfig\.arn/),
    ]);
  });

  test.each([
    { deadLetterConfig: { arn: "arn:aws:sqs:eu-west-1:123456789012:dead" } },
    { deadLetterConfig: { arn: unknown } },
    { deadLetterConfig: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(eventTargetDeadLetter, EventTarget, props)).toEqual([]);
  });
});
