import { Function as LambdaFunction } from "@pulumi/aws/lambda/function";
import { functionZones } from "../../policy/rules/function-zones";
import { judge, unknown } from "./judge";

describe("function-zones", () => {
  test("refuses a function in one subnet", () => {
    const props = { vpcConfig: { subnetIds: ["a"], securityGroupIds: ["g"] } };

    expect(judge(functionZones, LambdaFunction, props)).toEqual([
      "'subject' is in one subnet of its network only. " +
        "Give vpcConfig.subnetIds a subnet in each of two zones or more.",
    ]);
  });

  test.each([
    {},
    { vpcConfig: { subnetIds: [], securityGroupIds: [] } },
    { vpcConfig: { subnetIds: ["a", "b"], securityGroupIds: ["g"] } },
    { vpcConfig: { subnetIds: unknown, securityGroupIds: unknown } },
    { vpcConfig: unknown },
  ])("lets %j pass", (props) => {
    expect(judge(functionZones, LambdaFunction, props)).toEqual([]);
  });

  test("says nothing of a function that is exempt with a reason", () => {
    const props = { vpcConfig: { subnetIds: ["a"], securityGroupIds: ["g"] } };

    expect(
      judge(functionZones, LambdaFunction, props, { exempt: { subject: "one zone has the device" } }),
    ).toEqual([]);
  });
});
