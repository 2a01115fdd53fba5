import type { PolicyComplianceFramework } from "@pulumi/policy";

/** Whom a rule follows: a rule of a known pack, a control of a standard, or a page of documentation. */
export interface Reference {
  readonly url: string;
  readonly framework?: PolicyComplianceFramework;
}

/** A rule of one of cdk-nag's packs, such as `LambdaTracing` of `Serverless`. */
export function cdkNag(pack: "AwsSolutions" | "Serverless", rule: string): Reference {
  return {
    url: "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md",
    framework: { name: "cdk-nag", version: "2", reference: `${pack}-${rule}`, specification: pack },
  };
}

/** A control of AWS Foundational Security Best Practices, by its id such as `Lambda.7` and its title. */
export function fsbp(id: string, specification: string): Reference {
  const [service, number] = id.toLowerCase().split(".");
  return {
    url: `https://docs.aws.amazon.com/securityhub/latest/userguide/${service}-controls.html#${service}-${number}`,
    framework: {
      name: "AWS Foundational Security Best Practices",
      version: "1.0.0",
      reference: id,
      specification,
    },
  };
}

/** A page of documentation, for what no standard has a control for. */
export function documentation(url: string): Reference {
  return { url };
}
