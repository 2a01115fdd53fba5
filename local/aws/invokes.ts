import type { Cloud, Properties } from "../engine/resource";
import { readParameter } from "./ssm";

/** A provider function that the local cloud does not know yet. */
export class UnknownInvoke extends Error {
  constructor(token: string) {
    super(
      `The local cloud has no answer to the provider function ${token}. Add one to local/aws/invokes.ts.`,
    );
    this.name = "UnknownInvoke";
  }
}

/** The program reads a parameter that nobody has put. */
export class ParameterMissing extends Error {
  constructor(name: string) {
    super(
      `The program reads the parameter ${JSON.stringify(name)}, which the local cloud does not have. ` +
        "Put it before the program is deployed, or take its value from the aws.ssm.Parameter that makes it.",
    );
    this.name = "ParameterMissing";
  }
}

async function getParameter(args: Properties, cloud: Cloud): Promise<Properties> {
  const name = String(args.name);
  const withDecryption = args.withDecryption ?? true;
  const found = await readParameter(name, cloud, withDecryption === true);
  if (!found) throw new ParameterMissing(name);
  return {
    arn: found.ARN,
    id: name,
    // As the provider has it: the value of a SecureString is never told as one that may be shown.
    insecureValue: found.Type === "SecureString" ? "" : found.Value,
    name,
    region: cloud.region,
    type: found.Type,
    value: found.Value,
    version: found.Version,
    withDecryption,
  };
}

/** Token of a provider function → what answers it. */
const answers: Readonly<Record<string, (args: Properties, cloud: Cloud) => Promise<Properties>>> = {
  "aws:ssm/getParameter:getParameter": getParameter,
};

/**
 * Answers a provider function such as `aws:ssm/getParameter:getParameter`, which a program calls while it is read.
 * @throws UnknownInvoke, ParameterMissing
 */
export async function answerInvoke(token: string, args: Properties, cloud: Cloud): Promise<Properties> {
  const answer = answers[token];
  if (!answer) throw new UnknownInvoke(token);
  return answer(args, cloud);
}
