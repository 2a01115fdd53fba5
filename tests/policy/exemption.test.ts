import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { logGroupRetention } from "../../policy/rules/log-group-retention";
import { given, judge } from "./judge";

const reason = "the auditor wants all of it";

describe("an exemption", () => {
  test.each(["subject", given(LogGroup, "subject", {}).urn])("excuses %s", (name) => {
    expect(judge(logGroupRetention, LogGroup, {}, { exempt: { [name]: reason } })).toEqual([]);
  });

  test.each([
    ["another resource", { other: reason }],
    ["nothing without a reason", { subject: "" }],
    ["nothing for a reason that is none", { subject: "  because  " }],
  ])("excuses %s", (_, exempt) => {
    expect(judge(logGroupRetention, LogGroup, {}, { exempt })).toHaveLength(1);
  });
});
