// `npm run policy -- [stack …]`: judges what stacks would deploy, with whole IAM documents, without cloud or credentials.
import * as path from "node:path";
import { handlerOf } from "../local/aws";
import { Deployment } from "../local/engine/deployment";
import { Program } from "../local/engine/program";
import { judge, Refused } from "../local/judge";
import { PolicyPack } from "../local/policy";
import { readProject } from "../local/project";

const root = path.resolve(__dirname, "..");

async function main(stacks: readonly string[]): Promise<number> {
  const pack = await PolicyPack.start(path.join(root, "policy"));
  try {
    for (const stack of stacks) {
      const project = readProject(root, stack);
      const noAnswer = async (token: string) => {
        throw new Error(`${token} asks the cloud, which a check without credentials cannot`);
      };
      const place = { region: project.region, account: "000000000000" };
      const { resources } = await new Deployment(new Program(project), handlerOf, noAnswer, place).plan();
      await judge(resources, project, pack, console.log);
      console.log(`${stack}: ${resources.length} resources keep every policy`);
    }
    return 0;
  } catch (error) {
    console.error(error instanceof Refused ? error.message : error);
    return 1;
  } finally {
    await pack.close();
  }
}

const stacks = process.argv.slice(2);
main(stacks.length === 0 ? ["dev", "prod"] : stacks).then((code) => {
  process.exitCode = code;
});
