import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Stores } from "../../../scripts/secret/stores";

type Answers = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;

interface Command {
  readonly input: Record<string, unknown>;
  readonly constructor: { readonly name: string };
}

/** An error as the SDK throws it. */
export const awsError = (name: string, message = name, code?: string): Error =>
  Object.assign(new Error(message), { name, code });

/** Stores whose clients answer commands by name, such as `PutParameter`; `calls` are what they were sent. */
export function fakeStores(answers: Answers): { stores: Stores; calls: (readonly [string, object])[] } {
  const calls: (readonly [string, object])[] = [];
  const send = async (command: Command) => {
    const { input } = command;
    const name = command.constructor.name.replace(/Command$/, "");
    calls.push([name, input]);
    const answer = answers[name];
    if (!answer) {
      throw new Error(`nobody expects ${name}`);
    }
    return answer(input);
  };
  const config = { region: "eu-west-1", credentials: { accessKeyId: "k", secretAccessKey: "s" } };
  return {
    calls,
    stores: {
      options: "--stack dev",
      owner: { name: "gallery", stack: "dev", region: "eu-west-1" },
      parameters: Object.assign(new SSMClient(config), { send }),
      secretsManager: Object.assign(new SecretsManagerClient(config), { send }),
    },
  };
}
