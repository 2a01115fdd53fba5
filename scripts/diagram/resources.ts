import { Program } from "../../local/engine/program";
import type { Registration, Resource } from "../../local/engine/resource";
import type { Project } from "../../local/project";

/** Invented: a picture needs ARNs only to tell who refers to whom. */
const account = "000000000000";

/** Evaluates the project's program without any cloud: its resources with invented names, ARNs and addresses. */
export async function resourcesOf(project: Project): Promise<readonly Resource[]> {
  const resources: Resource[] = [];
  await new Program(project).evaluate(
    {
      register: async (registration) => {
        const resource = invented(registration, project.region);
        resources.push(resource);
        return resource;
      },
      invoke: async () => ({ accountId: account, region: project.region, partition: "aws" }),
    },
    // As in an update, what is not invented is undefined; in a preview whole policies would be unknown.
    false,
  );
  return resources;
}

/** A resource with the output properties that programs put into others, whatever its type. */
export function invented(registration: Registration, region: string): Resource {
  const { type, name, inputs, custom } = registration;
  if (!custom) {
    return { ...registration, id: "", outputs: {} };
  }
  const [, service = "", kind = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  const arn = `arn:aws:${service}:${region}:${account}:${kind}/${name}`;
  const host = `${name}.${service}.${region}.amazonaws.com`;
  const outputs = {
    arn,
    name,
    executionArn: `${arn}/execution`,
    streamArn: `${arn}/stream`,
    url: `https://${host}`,
    invokeUrl: `https://${host}`,
    apiEndpoint: `https://${host}`,
    endpoint: host,
    domainName: host,
    masterUserSecrets: [{ secretArn: `arn:aws:secretsmanager:${region}:${account}:secret:rds!${name}` }],
    endpoints: [{ address: host, port: 443 }],
    result: "null",
    bucketDomainName: host,
    bucketRegionalDomainName: host,
    ...inputs,
  };
  return { ...registration, id: name, outputs };
}
