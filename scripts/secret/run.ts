import type { Arguments } from "./arguments";
import { explain } from "./explain";
import { type Listed, listSecrets } from "./list";
import { type Clock, rotateSecret } from "./rotate";
import { parameterNameOf, setSecret } from "./set";
import type { Stores } from "./stores";
import { readValue, type ValueInput } from "./value";

/** What the command is run in. */
export interface Surroundings {
  readonly input: ValueInput;
  readonly clock: Clock;
  /** Writes to the operator, beside the answer. */
  readonly tell: (text: string) => void;
}

/** Does what is asked; answers the lines to print, none of which has a value. */
export async function run(args: Arguments, stores: Stores, surroundings: Surroundings): Promise<string[]> {
  try {
    switch (args.action) {
      case "set":
        return await set(args.name, stores, surroundings);
      case "rotate": {
        const version = await rotateSecret(stores, args.name, surroundings.clock);
        return [`${args.name}: version ${version} is current`];
      }
      case "list":
        return tableOf(await listSecrets(stores));
    }
  } catch (error) {
    throw explain(error, args);
  }
}

async function set(name: string, stores: Stores, { input, tell }: Surroundings): Promise<string[]> {
  const parameterName = parameterNameOf(stores.owner, name);
  const value = await readValue(input, `Value of ${parameterName}, which is not shown: `, tell);
  const version = await setSecret(stores, name, value);
  return [`${parameterName}: version ${version}${version === 1 ? ", the first" : ""}`];
}

function tableOf(secrets: readonly Listed[]): string[] {
  const rows = secrets.map(({ name, store, version, changedAt }) => [
    name,
    store,
    version === undefined ? "no value yet" : `version ${version}`,
    changedAt?.toISOString() ?? "",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}
