import { Program } from "../../local/engine/program";
import type { Properties, Registration, Resource } from "../../local/engine/resource";
import type { Project } from "../../local/project";

/** Invented: a picture needs ARNs only to tell who refers to whom. */
const account = "000000000000";

/** Evaluates the project's program without any cloud: its resources with invented names, ARNs and addresses. */
export async function resourcesOf(project: Project): Promise<readonly Resource[]> {
  const resources: Resource[] = [];
  await new Program(project).evaluate(
    {
      register: async (registration) => {
        const outputs = registration.custom ? invented(registration, project.region) : {};
        const id = registration.custom ? registration.name : "";
        resources.push({ ...registration, id, outputs });
        return { id, outputs };
      },
      invoke: async () => ({ accountId: account, region: project.region, partition: "aws" }),
    },
    // As in an update, what is not invented is undefined; in a preview whole policies would be unknown.
    false,
  );
  return resources;
}

/** The output properties that programs put into other resources, whatever the type. */
function invented({ type, name, inputs }: Registration, region: string): Properties {
  const [, service = "", kind = ""] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  const arn = `arn:aws:${service}:${region}:${account}:${kind}/${name}`;
  const host = `${name}.${service}.${region}.amazonaws.com`;
  return {
    arn,
    name,
    executionArn: `${arn}/execution`,
    streamArn: `${arn}/stream`,
    url: `https://${host}`,
    invokeUrl: `https://${host}`,
    apiEndpoint: `https://${host}`,
    endpoint: host,
    domainName: host,
    bucketDomainName: host,
    bucketRegionalDomainName: host,
    ...inputs,
  };
}
