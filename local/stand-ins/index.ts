import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Cloud } from "../engine/resource";
import type { DeclaredStandIn } from "./declaration";
import { type Started, servers } from "./servers";

export { type DeclaredStandIn, InvalidStandIns, readStandIns } from "./declaration";

/** Stand-ins that run, and what the program needs to reach them. */
export interface StandIns {
  /** Full key → value, to lay over the program's configuration. */
  readonly config: Readonly<Record<string, string>>;
  /** Name of a parameter → its value. A map, so that it gets into no JSON by mistake. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Name of the stand-in → its address. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts what is declared, with keys made anew. When one does not start, none is left running. */
export async function startStandIns(declared: readonly DeclaredStandIn[]): Promise<StandIns> {
  const starting = await Promise.allSettled(
    declared.map(async (declaration) => ({ declaration, started: await serverOf(declaration).start() })),
  );
  const running = starting.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const stop = async () => {
    await Promise.all(running.map(({ started }) => started.stop()));
  };
  const failure = starting.find((result) => result.status === "rejected");
  if (failure) {
    await stop();
    throw failure.reason;
  }
  return {
    config: Object.assign({}, ...running.map(({ declaration, started }) => configOf(declaration, started))),
    secrets: new Map(
      running.flatMap(({ declaration: { secrets }, started }) =>
        Object.entries(secrets).map(([name, parameter]) => [parameter, started.secrets[name] ?? ""] as const),
      ),
    ),
    addresses: Object.fromEntries(
      running.map(({ declaration, started }) => [declaration.name, started.address]),
    ),
    stop,
  };
}

/** Puts keys where an operator would: each a SecureString in Parameter Store, in place of any before. */
export async function putSecrets(secrets: StandIns["secrets"], cloud: Cloud): Promise<void> {
  const client = cloud.client(SSMClient);
  await Promise.all(
    [...secrets].map(([Name, Value]) =>
      client.send(new PutParameterCommand({ Name, Value, Type: "SecureString", Overwrite: true })),
    ),
  );
}

function configOf({ address, config }: DeclaredStandIn, started: Started): Record<string, string> {
  const told = Object.entries(config).map(([name, key]) => [key, started.config[name] ?? ""] as const);
  return { [address]: started.address, ...Object.fromEntries(told) };
}

function serverOf({ name }: DeclaredStandIn) {
  const server = servers[name];
  if (!server) {
    throw new TypeError(`There is no stand-in ${name}; known are ${Object.keys(servers).join(", ")}`);
  }
  return server;
}
