import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup";
import { logGroupRetention } from "../../policy/rules/log-group-retention";
import { judge, unknown } from "./judge";

describe("log-group-retention", () => {
  test.each([{}, { retentionInDays: 0 }])("refuses %j", (props) => {
    expect(judge(logGroupRetention, LogGroup, props)).toEqual([
      "'subject' keeps its logs for ever. Set retentionInDays; 0 and the default mean for ever.",
    ]);
  });

  test.each([{ retentionInDays: 14 }, { retentionInDays: unknown }])("lets %j pass", (props) => {
    expect(judge(logGroupRetention, LogGroup, props)).toEqual([]);
  });
});
