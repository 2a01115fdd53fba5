import * as pulumi from "@pulumi/pulumi";

/** A statement of an IAM policy document. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Principal?: "*" | { readonly Service: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** A policy document as JSON. */
export function policyDocument(statements: pulumi.Input<readonly Statement[]>): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** A trust policy: the AWS service, such as `lambda.amazonaws.com`, may take the role. */
export function trust(service: string, condition?: Statement["Condition"]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service }, Condition: condition },
    ],
  });
}

/** Denies everybody the actions when asked for without TLS; `resources` are those of the policy's holder. */
export function onlyByTls(
  action: string,
  ...resources: readonly [pulumi.Input<string>, ...pulumi.Input<string>[]]
): Statement {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: [action],
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** The statements that grant what bound methods need: one per resource, actions sorted. */
export function statementsOf(
  grants: readonly { actions: readonly string[]; resource: string }[],
): Statement[] {
  const actionsOf = new Map<string, Set<string>>();
  for (const { actions, resource } of grants) {
    const known = actionsOf.get(resource) ?? new Set();
    for (const action of actions) {
      known.add(action);
    }
    actionsOf.set(resource, known);
  }
  return [...actionsOf]
    .filter(([, actions]) => actions.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, actions]) => ({ Effect: "Allow", Action: [...actions].sort(), Resource: resource }));
}
