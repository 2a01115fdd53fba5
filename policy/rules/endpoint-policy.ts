import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint";
import { VpcEndpointPolicy } from "@pulumi/aws/ec2/vpcEndpointPolicy";
import { documentation } from "../reference";
import { stackRule } from "../rule";
import { ofType, referrers } from "../stack";

/** Without one, whoever gets into the network can call the whole service, for any account. */
export const endpointPolicy = stackRule({
  name: "endpoint-policy",
  description: "Endpoints of a network let through what its functions need alone.",
  severity: "medium",
  reference: documentation("https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"),
  remediation: "Give it a policy that names actions and resources, for the account's own principals.",
  type: VpcEndpoint,
  check: (endpoint, stack, report) => {
    if (endpoint.props.policy) return;
    const policies = referrers(
      endpoint,
      stack,
      ofType(stack, VpcEndpointPolicy),
      "vpcEndpointId",
      ({ props }) => props.vpcEndpointId,
    );
    if (policies.length === 0) report("lets through everything to its service");
  },
});
