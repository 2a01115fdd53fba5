// Evaluates Gallery's program for the stack named on the command line, without any cloud, and prints how many
// resources it has.
import * as path from "node:path";
import { readProject } from "../local/project";
import { resourcesOf } from "../scripts/diagram/resources";

async function main(stack: string): Promise<void> {
  const resources = await resourcesOf(readProject(path.resolve(__dirname, ".."), stack));
  console.log(resources.length);
  // Bundling leaves a child process behind.
  process.exit(0);
}

void main(process.argv[2] ?? "prod");
