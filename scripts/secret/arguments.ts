import { parseArgs } from "node:util";
import type { Whereabouts } from "../cloud";
import { Refused } from "./refused";

interface Options extends Whereabouts {
  /** Whose secrets. @default "dev" */
  readonly stack: string;
}

/** What an operator asks for. */
export type Arguments = Options &
  ({ readonly action: "set" | "rotate"; readonly name: string } | { readonly action: "list" });

/** The command is unknown, or has too few, too many or wrong arguments. */
export class InvalidArguments extends Refused {}

export const usage = `npm run secret -- <action> [options]
  set <name>       sets a secret that others give us, and sets it anew: asks for the value, or reads standard input
  rotate <name>    has a secret that we make ourselves made anew, and waits until the new value counts
  list             shows names, versions and times of both kinds, and no value
  --stack <name>   whose secrets (dev)
  --local          of the local cloud that npm start runs; else of the AWS account of your credentials
  --state <folder> where the local cloud keeps its outputs (.local)
  --help           this text`;

/** What a stack's, and what a secret's name may have: a secret's is part of names in both stores. */
const namePattern = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * Reads the arguments of `npm run secret --`; undefined when help is asked for.
 * @throws InvalidArguments
 */
export function parseArguments(argv: readonly string[]): Arguments | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) {
    return undefined;
  }
  const { stack, local, state } = values;
  const options = { stack, local, state };
  const [action, name, ...more] = positionals;
  checkName("--stack", stack);
  if (action === "list" && name === undefined) {
    return { action, ...options };
  }
  if (action !== "set" && action !== "rotate") {
    throw invalid(action === "list" ? "list takes no name" : `${action ?? "nothing"} is no action`);
  }
  if (name === undefined) {
    throw invalid(`${action} needs the name of a secret`);
  }
  if (more.length > 0) {
    const reason = action === "set" ? "; the value is never an argument, where shells would keep it" : "";
    throw invalid(`${action} takes one name${reason}`);
  }
  checkName(action, name);
  return { action, name, ...options };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        stack: { type: "string", default: "dev" },
        local: { type: "boolean", default: false },
        state: { type: "string", default: ".local" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function checkName(where: string, name: string): void {
  if (!namePattern.test(name)) {
    throw invalid(`${where} ${JSON.stringify(name)}: a name has 1 to 100 letters, digits, "-", "_" and "."`);
  }
}

const invalid = (reason: string) => new InvalidArguments(`${reason}\n\n${usage}`);
