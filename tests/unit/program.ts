import * as pulumi from "@pulumi/pulumi";
import { withoutPromiseTraces } from "../../local/engine/promise-traces";

/** A resource as the program registered it, with the outputs the mock gave it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

const arnOf = (type: string, name: string) =>
  `arn:aws:${type.split(/[:/]/)[1]}:eu-west-1:123456789012:${name}`;

/** Take turns of the event loop until they are there: what does not wait for them comes before them. */
const slow = ["aws:lambda/invocation:Invocation", "aws:lambda/permission:Permission"];
const turnsOfSlow = 20;

/** What a program reads of the network that a plugin makes. */
const networkOf = (name: string) => ({
  vpcId: `${name}-vpc-id`,
  isolatedSubnetIds: [`${name}-isolated-1`, `${name}-isolated-2`],
  privateSubnetIds: [`${name}-private-1`, `${name}-private-2`],
  routeTables: [{ id: `${name}-table-1` }, { id: `${name}-table-2` }],
});

/** Outputs that components read, named after the resource so that tests can tell whose they are. */
const mocks: pulumi.runtime.Mocks = {
  newResource: async ({ type, name, inputs }) => {
    for (let turn = 0; slow.includes(type) && turn < turnsOfSlow; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    registered.push({ type, name, inputs });
    const arn = arnOf(type, name);
    return {
      id: `${name}-id`,
      state: {
        name,
        ...inputs,
        arn,
        url: `https://sqs.example/${name}`,
        streamArn: `${arn}/stream/now`,
        executionArn: `arn:aws:execute-api:eu-west-1:123456789012:${name}`,
        apiEndpoint: `wss://${name}.example`,
        invokeUrl: `https://${name}.example/`,
        rootResourceId: `${name}-root`,
        endpoint: `cognito-idp.eu-west-1.amazonaws.com/${name}`,
        endpoints: [{ address: `${name}.cache.example`, port: 6379 }],
        masterUserSecrets: [{ secretArn: `arn:aws:secretsmanager:eu-west-1:123456789012:${name}-master` }],
        clusterResourceId: `cluster-${name}`,
        result: "null",
        ...(type === "awsx:ec2:Vpc" && networkOf(name)),
      },
    };
  },
  call: ({ token, inputs }) => {
    if (token !== "aws:ssm/getParameter:getParameter") {
      throw new Error(`no component calls ${token}`);
    }
    return { ...inputs, value: `the value of ${inputs.name}` };
  },
};

/** Runs a program of components on mocks; answers what it registered, in the order it was made, and its outputs. */
export async function evaluate<T>(
  program: () => T,
  config: Record<string, string> = {},
  stack = "test",
): Promise<{ resources: Registered[]; outputs: pulumi.Unwrap<T> }> {
  registered.length = 0;
  await pulumi.runtime.setMocks(mocks, "gallery", stack);
  pulumi.runtime.setAllConfig(config);
  // Thrown inside the stack, an error would also surface as a rejection that nobody handles.
  let thrown: unknown;
  const restore = withoutPromiseTraces();
  const outputs = await pulumi.runtime
    .runInPulumiStack(async () => {
      try {
        return program() as Record<string, unknown>;
      } catch (error) {
        thrown = error;
        return {};
      }
    })
    .finally(restore);
  await pulumi.runtime.disconnect();
  if (thrown !== undefined) {
    throw thrown;
  }
  const resources = registered.filter(({ type }) => type !== "pulumi:pulumi:Stack");
  return { resources: [...resources], outputs: outputs as pulumi.Unwrap<T> };
}

/** The one registered resource of a type and name. */
export function only({ resources }: { resources: Registered[] }, type: string, name: string): Registered {
  const [found, ...more] = resources.filter((resource) => resource.type === type && resource.name === name);
  if (!found || more.length > 0) {
    const names = resources.filter((resource) => resource.type === type).map((resource) => resource.name);
    throw new Error(`${more.length + (found ? 1 : 0)} × ${type} ${name}; there are ${names.join(", ")}`);
  }
  return found;
}

/** The statements of a role policy, action → resource, without those every function has. */
export function granted(policy: Registered): Record<string, string | string[]> {
  const { Statement } = JSON.parse(String(policy.inputs.policy)) as {
    Statement: { Action: string[]; Resource: string | string[] }[];
  };
  return Object.fromEntries(
    Statement.flatMap(({ Action, Resource }) => Action.map((action) => [action, Resource] as const)).filter(
      ([action]) => !/^(logs|xray):/.test(action),
    ),
  );
}
