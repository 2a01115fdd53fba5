// Prints what `npm start` deploys for each function: name → digest of its code.
import * as path from "node:path";
import { Program } from "../../../local/engine/program";
import { readProject } from "../../../local/project";
import { artefactsOf } from "./artefacts";

async function main() {
  const resources: { type: string; name: string; inputs: Record<string, unknown> }[] = [];
  await new Program(readProject(path.resolve(__dirname, "../../.."), "dev")).evaluate(
    {
      invoke: async () => ({}),
      register: async ({ type, name, inputs }) => {
        resources.push({ type, name, inputs });
        return { id: name, outputs: inputs };
      },
    },
    true,
  );
  console.log(JSON.stringify(await artefactsOf(resources)));
}

main();
