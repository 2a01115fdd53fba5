// `npm run secret -- set|rotate|list`: the secrets of a stack, which it names and never holds.
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { InvalidProject, readProject } from "../local/project";
import { NoLocalCloud } from "./cloud";
import { parseArguments, usage } from "./secret/arguments";
import { Refused } from "./secret/refused";
import { run } from "./secret/run";
import { connect } from "./secret/stores";

const root = path.resolve(__dirname, "..");

async function main(argv: readonly string[]): Promise<void> {
  const args = parseArguments(argv);
  if (!args) {
    console.log(usage);
    return;
  }
  const stores = connect(readProject(root, args.stack), args);
  const lines = await run(args, stores, {
    input: process.stdin,
    clock: { now: Date.now, pause },
    tell: (text) => process.stderr.write(text),
  });
  for (const line of lines) {
    console.log(line);
  }
}

main(process.argv.slice(2)).catch((error) => {
  const isOurs = [Refused, NoLocalCloud, InvalidProject].some((ours) => error instanceof ours);
  console.error(isOurs ? error.message : error);
  process.exitCode = 1;
});
