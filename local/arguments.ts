import * as path from "node:path";
import { parseArgs } from "node:util";

export interface Arguments {
  /** @default "dev" */
  readonly stack: string;
  /** Folder that holds Pulumi.yaml. @default this repository */
  readonly project: string;
  /** Folder for what the local cloud keeps. @default `.local` in the project's folder */
  readonly stateDir: string;
  /** Port of the front door; absent, any that is free. */
  readonly port?: number;
  /** Stop after a self-check. */
  readonly once: boolean;
  /** Keep data over a restart. */
  readonly keep: boolean;
  /** Address of a PostgreSQL server for the program's cluster; absent, the local cloud has its own. */
  readonly postgres?: string;
}

/** An option of `npm start` is unknown or has a wrong value. */
export class InvalidArguments extends Error {}

export const usage = `npm start -- [options]
  --stack <name>     stack whose Pulumi.<name>.yaml configures the program (dev)
  --port <number>    port of the local cloud on 127.0.0.1 (any free one)
  --keep             keep data over a restart
  --postgres <url>   PostgreSQL for the program's Aurora cluster, postgres://user:password@host/database (its own)
  --once             start, check that everything answers, stop
  --project <folder> another Pulumi program to run (this one)
  --state <folder>   where outputs, logs and data are kept (<project>/.local)
  --help             this text`;

/** Reads the arguments of `npm start --`; undefined when help is asked for. */
export function parseArguments(argv: readonly string[]): Arguments | undefined {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    throw new InvalidArguments(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
  if (values.help) {
    return undefined;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw new InvalidArguments(`--port ${values.port}: a port is a whole number from 1 to 65535`);
  }
  const { stack, once, keep, postgres } = values;
  if (!/^[A-Za-z0-9_.-]+$/.test(stack)) {
    throw new InvalidArguments(`--stack ${stack}: a stack's name has letters, digits, "-", "_" and "."`);
  }
  if (postgres !== undefined && !isAddress(postgres)) {
    throw new InvalidArguments("--postgres: an address has the form postgres://user:password@host/database");
  }
  const project = path.resolve(values.project ?? path.join(__dirname, ".."));
  const stateDir = path.resolve(values.state ?? path.join(project, ".local"));
  return { stack, once, keep, port, postgres, project, stateDir };
}

function isAddress(text: string): boolean {
  const address = URL.canParse(text) ? new URL(text) : undefined;
  return /^postgres(ql)?:$/.test(address?.protocol ?? "") && (address?.pathname.length ?? 0) > 1;
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      stack: { type: "string", default: "dev" },
      port: { type: "string" },
      project: { type: "string" },
      state: { type: "string" },
      postgres: { type: "string" },
      keep: { type: "boolean", default: false },
      once: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
}
