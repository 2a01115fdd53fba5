import { FlowLog } from "@pulumi/aws/ec2/flowLog";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { vpcFlowLog } from "../../policy/rules/vpc-flow-log";
import { given, judgeStack, unknown } from "./judge";

const net = given(Vpc, "net", { id: "vpc-1" });

describe("vpc-flow-log", () => {
  test.each([
    ["that logs nothing", []],
    [
      "that logs what it lets through alone",
      [given(FlowLog, "log", { vpcId: "vpc-1", trafficType: "ACCEPT" })],
    ],
    ["while another logs", [given(FlowLog, "log", { vpcId: "vpc-2", trafficType: "ALL" })]],
  ])("refuses a network %s", (_, logs) => {
    expect(judgeStack(vpcFlowLog, [net, ...logs])).toEqual({
      net: [expect.stringMatching(/^'net' logs nothing of what it refuses\. Make an aws\.ec2\.FlowLog/)],
    });
  });

  test.each([
    { vpcId: "vpc-1", trafficType: "REJECT" },
    { vpcId: "vpc-1", trafficType: "ALL" },
    { vpcId: unknown, trafficType: "ALL" },
    { vpcId: "vpc-1", trafficType: unknown },
  ])("lets a network pass with %j", (props) => {
    expect(judgeStack(vpcFlowLog, [net, given(FlowLog, "log", props)])).toEqual({});
  });

  test("says nothing of a network that is exempt with a reason", () => {
    expect(judgeStack(vpcFlowLog, [net], { exempt: { net: "another account logs it" } })).toEqual({});
  });
});
