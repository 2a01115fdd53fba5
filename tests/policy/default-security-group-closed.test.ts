import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup";
import { Vpc } from "@pulumi/aws/ec2/vpc";
import { defaultSecurityGroupClosed } from "../../policy/rules/default-security-group-closed";
import { given, judgeStack, unknown } from "./judge";

const net = given(Vpc, "net", { id: "vpc-1" });
const group = (props: Parameters<typeof given<DefaultSecurityGroup, object>>[2]) =>
  given(DefaultSecurityGroup, "default", props as object);
const closed = { vpcId: "vpc-1", ingress: [], egress: [] };
const refusal = {
  net: [expect.stringMatching(/^'net' leaves its default security group open\. Take it over by an /)],
};

describe("default-security-group-closed", () => {
  test.each([
    ["whose group is its own affair", []],
    ["with rules", [group({ ...closed, egress: [{ protocol: "-1" }] } as object)]],
    ["while another's is closed", [group({ ...closed, vpcId: "vpc-2" } as object)]],
  ])("refuses a network %s", (_, groups) => {
    expect(judgeStack(defaultSecurityGroupClosed, [net, ...groups])).toEqual(refusal);
  });

  test.each([
    ["when it is closed", closed],
    ["when a preview does not know its rules", { ...closed, ingress: unknown }],
    ["when a preview does not know whose it is", { ...closed, vpcId: unknown }],
  ])("lets a network pass %s", (_, props) => {
    expect(judgeStack(defaultSecurityGroupClosed, [net, group(props as object)])).toEqual({});
  });

  test("says nothing of a network that is exempt with a reason", () => {
    const config = { exempt: { net: "another program closes it" } };

    expect(judgeStack(defaultSecurityGroupClosed, [net], config)).toEqual({});
  });
});
