import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./sdk/bind";

/** When a statement counts: operator → condition key → value. */
export type Condition = Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;

/** A statement of an IAM policy document. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource?: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly NotResource?: string;
  readonly Principal?: "*" | { readonly Service: string };
  readonly Condition?: Condition;
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

/** The statements that grant what bound methods need: one per resource and condition, actions sorted. */
export function statementsOf(grants: pulumi.Unwrap<readonly Pick<Grant, "allows">[]>): Statement[] {
  const statements = new Map<
    string,
    { readonly place: Omit<Statement, "Action">; readonly actions: Set<string> }
  >();
  for (const { actions, resource, condition } of grants.flatMap(({ allows }) => allows)) {
    const place: Omit<Statement, "Action"> = {
      Effect: "Allow",
      ...(typeof resource === "string" ? { Resource: resource } : { NotResource: resource.allBut }),
      ...(condition && { Condition: condition }),
    };
    const key = JSON.stringify([resource, condition]);
    const known = statements.get(key) ?? { place, actions: new Set() };
    for (const action of actions) {
      known.actions.add(action);
    }
    statements.set(key, known);
  }
  return [...statements]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([
        ,
        {
          place: { Effect, ...place },
          actions,
        },
      ]) => ({ Effect, Action: [...actions].sort(), ...place }),
    );
}
