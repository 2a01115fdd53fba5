// `npm run redrive -- --queue <name>`: puts the messages of a dead-letter queue back to where they failed.
import { parseArgs } from "node:util";
import { NoLocalCloud } from "./cloud";
import { connect } from "./redrive/cloud";
import { InvalidRedrive } from "./redrive/invalid";
import { findQueue } from "./redrive/queue";
import { redrive } from "./redrive/redrive";

const usage = `npm run redrive -- --queue <name> [options]
  --queue <name>   the dead-letter queue: its name, or the beginning of it, such as media-uploaded-web-failed
  --local          of the local cloud that npm start runs; else of the AWS account of your credentials
  --state <folder> where the local cloud keeps its outputs (.local)
  --limit <number> at most so many messages (all that are there)
  --help           this text`;

async function main(argv: readonly string[]): Promise<number> {
  const { queue, limit, ...options } = argumentsOf(argv);
  if (options.help) {
    console.log(usage);
    return 0;
  }
  if (queue === undefined) {
    throw new InvalidRedrive(`--queue is missing.\n\n${usage}`);
  }
  const most = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  if (!(most >= 1) || (limit !== undefined && !Number.isInteger(most))) {
    throw new InvalidRedrive(`--limit ${limit}: it must be a whole number from 1`);
  }
  const cloud = connect(options);
  const found = await findQueue(cloud, queue);
  const { redriven, kept, left } = await redrive(cloud, found.url, most, console.error);
  console.log(`${found.name}: ${redriven} put back, ${kept} kept because they failed, ${left} left`);
  return kept === 0 ? 0 : 1;
}

function argumentsOf(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        queue: { type: "string" },
        local: { type: "boolean", default: false },
        state: { type: "string", default: ".local" },
        limit: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new InvalidRedrive(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    const isOurs = error instanceof InvalidRedrive || error instanceof NoLocalCloud;
    console.error(isOurs ? error.message : error);
    process.exitCode = 1;
  },
);
