import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { VpcEndpointPolicy } from "@pulumi/aws/ec2/vpcEndpointPolicy";
import { endpointPolicy } from "../../policy/rules/endpoint-policy";
import { given, judgeStack, unknown } from "./judge";

const policy = '{"Statement":[]}';
const endpoint = (props: { policy?: unknown }) => given(VpcEndpoint, "queues", { id: "vpce-1", ...props });

describe("endpoint-policy", () => {
  test.each([
    ["without one", []],
    ["while another has one", [given(VpcEndpointPolicy, "policy", { vpcEndpointId: "vpce-2", policy })]],
  ])("refuses an endpoint %s", (_, policies) => {
    expect(judgeStack(endpointPolicy, [endpoint({}), ...policies])).toEqual({
      queues: [expect.stringMatching(/^'queues' lets through everything to its service\. Give it a policy/)],
    });
  });

  test.each([
    ["of its own", [endpoint({ policy })]],
    ["of its own that is not known", [endpoint({ policy: unknown })]],
    ["beside it", [endpoint({}), given(VpcEndpointPolicy, "policy", { vpcEndpointId: "vpce-1", policy })]],
    [
      "that may be its own",
      [endpoint({}), given(VpcEndpointPolicy, "policy", { vpcEndpointId: unknown, policy })],
    ],
  ])("lets an endpoint pass with a policy %s", (_, stack) => {
    expect(judgeStack(endpointPolicy, stack)).toEqual({});
  });

  test("says nothing of an endpoint that is exempt with a reason", () => {
    expect(judgeStack(endpointPolicy, [endpoint({})], { exempt: { queues: "for guests too" } })).toEqual({});
  });
});
