import type * as aws from "@pulumi/aws";
import { Graph } from "../checks/graph";
import type { Resource } from "../engine/resource";

/** A client of a user pool. */
export interface PoolClient {
  readonly id: string;
  readonly callbackUrls: readonly string[];
}

/** A deployed user pool, as far as completions need it. */
export interface DeployedPool {
  readonly id: string;
  /** Its post-confirmation trigger. */
  readonly postConfirmationArn: string | undefined;
  /** Whether a code that reaches the user verifies the email address. */
  readonly verifiesEmail: boolean;
  readonly clients: readonly PoolClient[];
}

export function deployedPools(resources: readonly Resource[]): readonly DeployedPool[] {
  const graph = new Graph(resources);
  const clients = graph.ofType<aws.cognito.UserPoolClientArgs>("aws:cognito/userPoolClient:UserPoolClient");
  const pools = graph.ofType<aws.cognito.UserPoolArgs>("aws:cognito/userPool:UserPool");
  return pools.map(({ id, inputs: { lambdaConfig, autoVerifiedAttributes = [] } }) => ({
    id,
    postConfirmationArn: lambdaConfig?.postConfirmation,
    verifiesEmail: autoVerifiedAttributes.includes("email"),
    clients: clients
      .filter(({ inputs }) => inputs.userPoolId === id)
      .map(({ id, inputs }) => ({ id, callbackUrls: inputs.callbackUrls ?? [] })),
  }));
}
