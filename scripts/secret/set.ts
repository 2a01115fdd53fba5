import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { Refused } from "./refused";
import type { Owner, Stores } from "./stores";

/** The stack has no key yet to encrypt its secrets with. */
export class NoKey extends Refused {}

/** What the stack and its functions know a secret by that others give us. */
export const parameterNameOf = ({ name: project, stack }: Owner, name: string): string =>
  `/${project}/${stack}/${name}`;

/**
 * Sets a secret that others give us; answers its version, 1 for one that was not there before.
 * @throws NoKey
 */
export async function setSecret({ owner, parameters }: Stores, name: string, Value: string): Promise<number> {
  const { name: project, stack, region } = owner;
  const KeyId = `alias/${project}-${stack}-secrets`;
  try {
    const { Version = 1 } = await parameters.send(
      new PutParameterCommand({
        Name: parameterNameOf(owner, name),
        Type: "SecureString",
        KeyId,
        Value,
        Overwrite: true,
      }),
    );
    return Version;
  } catch (error) {
    if ((error as Error).name === "InvalidKeyId") {
      throw new NoKey(
        `${region} has no key ${KeyId}: deploy the stack first, with pulumi up --stack ${stack}. What needs the ` +
          "secret to deploy, such as an identity provider, goes into its configuration after that.",
      );
    }
    throw error;
  }
}
