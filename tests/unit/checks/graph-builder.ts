import { checkGraph } from "../../../local/checks";
import type { Properties, Resource } from "../../../local/engine/resource";

const account = "000000000000";

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:${account}:${resource}`;
}

export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
export const functionArn = (name: string) => arn("lambda", `function:${name}`);
export const queueArn = (name: string) => arn("sqs", name);
export const topicArn = (name: string) => arn("sns", name);
export const apiArn = (id: string) => arn("execute-api", id);

export function resource(
  type: string,
  name: string,
  inputs: Properties = {},
  outputs: Properties = {},
): Resource {
  return {
    urn: `urn:pulumi:test::gallery::${type}::${name}`,
    type,
    name,
    id: name,
    custom: true,
    parent: undefined,
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    inputs,
    outputs: { ...inputs, ...outputs },
  };
}

export interface Allowed {
  readonly Effect?: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function policyText(...statements: readonly Allowed[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ Effect: "Allow", ...statement })),
  });
}

/** A role that trusts a service. */
export function role(name: string, service: string, inputs: Properties = {}): Resource {
  const assumeRolePolicy = policyText({ Action: "sts:AssumeRole", Principal: { Service: service } });
  return resource("aws:iam/role:Role", name, { assumeRolePolicy, ...inputs }, { name, arn: roleArn(name) });
}

/** The policy `<role>-policy`. */
export function rolePolicy(roleName: string, ...statements: readonly Allowed[]): Resource {
  return resource("aws:iam/rolePolicy:RolePolicy", `${roleName}-policy`, {
    role: roleName,
    policy: policyText(...statements),
  });
}

/** What every function's role must allow. */
export function logging(name: string): Allowed {
  return {
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: arn("logs", `log-group:/aws/lambda/${name}:*`),
  };
}

/** A function without its role, which is `<name>-role`. */
export function bareFunction(name: string, inputs: Properties = {}): Resource {
  const own = { name, arn: functionArn(name) };
  return resource("aws:lambda/function:Function", name, { role: roleArn(`${name}-role`), ...inputs }, own);
}

/** A function that lacks nothing, with its role `<name>-role` and the role's policy. */
export function workingFunction(name: string, ...statements: readonly Allowed[]): Resource[] {
  return [
    bareFunction(name),
    role(`${name}-role`, "lambda.amazonaws.com"),
    rolePolicy(`${name}-role`, logging(name), ...statements),
  ];
}

/** `<function>-permission` */
export function permission(name: string, principal: string, inputs: Properties = {}): Resource {
  return resource("aws:lambda/permission:Permission", `${name}-permission`, {
    action: "lambda:InvokeFunction",
    function: name,
    principal,
    ...inputs,
  });
}

export function queue(name: string, inputs: Properties = {}): Resource {
  const url = `https://sqs.eu-west-1.amazonaws.com/${account}/${name}`;
  return resource("aws:sqs/queue:Queue", name, inputs, { name, url, arn: queueArn(name) });
}

/** The policy `<queue>-policy`, which lets a service send for one resource. */
export function queuePolicy(name: string, service: string, sourceArn: string): Resource {
  return resource("aws:sqs/queuePolicy:QueuePolicy", `${name}-policy`, {
    queueUrl: `https://sqs.eu-west-1.amazonaws.com/${account}/${name}`,
    policy: policyText({
      Action: "sqs:SendMessage",
      Resource: queueArn(name),
      Principal: { Service: service },
      Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
    }),
  });
}

export function topic(name: string, inputs: Properties = {}): Resource {
  return resource("aws:sns/topic:Topic", name, inputs, { name, arn: topicArn(name) });
}

export function problems(graph: readonly Resource[]): string[] {
  return checkGraph(graph).map(({ problem }) => problem);
}

/** One need: a graph that meets it, the same without what meets it, and what is said of that. */
export interface Case {
  readonly need: string;
  readonly met: readonly Resource[];
  readonly missed: readonly Resource[];
  readonly problem: string;
}

/** Tests each case in both directions. */
export function testNeeds(cases: readonly Case[]): void {
  describe.each(cases)("$need", ({ met, missed, problem }) => {
    test("is met", () => {
      expect(problems(met)).toEqual([]);
    });

    test("is missed", () => {
      expect(problems(missed)).toEqual([problem]);
    });
  });
}
