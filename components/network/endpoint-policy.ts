import * as pulumi from "@pulumi/pulumi";
import { policyDocument, type Statement, statementsOf } from "../iam";
import type { Allowance, Grant } from "../sdk/bind";
import { type EndpointService, serviceOf } from "./endpoint-service";

/** An endpoint costs and nobody uses it. */
export class UnneededEndpoint extends pulumi.RunError {
  constructor(network: string, service: EndpointService) {
    super(
      `${network}: no function in the network calls ${service}; remove "${service}" from its endpoints. ` +
        "A function is in the network when its callback uses a server there, such as a cache.",
    );
  }
}

/**
 * The policy of a network's endpoint: lets through what the functions there may call, for this account's principals.
 * @param functions the grants of each function in the network
 * @throws UnneededEndpoint
 */
export function endpointPolicy(
  network: string,
  service: EndpointService,
  account: pulumi.Output<string>,
  functions: readonly (readonly Grant[])[],
): pulumi.Output<string> {
  const allows = functions.flatMap((grants) => callsTo(service, grants));
  if (allows.length === 0) {
    throw new UnneededEndpoint(network, service);
  }
  const ofAccount = ({ Effect, Condition, ...rest }: Statement): Statement => ({
    Effect,
    Principal: "*",
    ...rest,
    Condition: {
      ...Condition,
      StringEquals: { ...Condition?.StringEquals, "aws:PrincipalAccount": account },
    },
  });
  const statements = pulumi.output([{ allows }]).apply((granted) => statementsOf(granted).map(ofAccount));
  return policyDocument(statements);
}

function callsTo(service: EndpointService, grants: readonly Grant[]): Allowance[] {
  return grants
    .flatMap(({ calls }) => calls)
    .map((call) => ({ ...call, actions: call.actions.filter((action) => serviceOf(action) === service) }))
    .filter(({ actions }) => actions.length > 0);
}
