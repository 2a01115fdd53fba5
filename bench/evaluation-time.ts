import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import * as readline from "node:readline";
import { readProject } from "../local/project";
import { preview } from "../tests/unit/hosts/pulumi-host";
import { clearArtefactCache } from "./artefact-cache";
import { atExit } from "./at-exit";
import { median, seconds } from "./median";
import { quiet } from "./quiet";
import type { Section } from "./section";

const root = path.resolve(__dirname, "..");
const runs = 7;
const targetMs = 4000;

/** How long it takes to know a stack's resources, no cloud involved. */
export async function evaluationTime(): Promise<Section> {
  const cold: number[] = [];
  for (let run = 0; run < runs; run++) {
    clearArtefactCache();
    await quiet();
    cold.push((await evaluate()).time);
  }
  const warm: number[] = [];
  const host: number[] = [];
  let resources = 0;
  const { name, config } = readProject(root, "prod");
  for (let run = 0; run < runs; run++) {
    await quiet();
    const evaluated = await evaluate();
    warm.push(evaluated.time);
    resources = evaluated.resources;
    await quiet();
    const start = performance.now();
    await preview(name, "prod", { ...config });
    host.push(performance.now() - start);
  }
  const target = (times: readonly number[]) => ({ text: "< 4 s", isMet: median(times) < targetMs });
  return {
    title: "Evaluation of the program",
    method:
      `From the start of a fresh Node process until it has registered the ${resources} resources of the stack \`prod\`, ` +
      `their code included, ${runs} runs each. Without the artefact cache every function is bundled anew. The peer is ` +
      "Pulumi's own Node host, in a process of its own, talking to an engine that answers at once: what `pulumi preview` " +
      "takes without its engine, its providers and its check of the types.",
    rows: [
      { figure: "artefact cache removed", measured: seconds(cold), target: target(cold) },
      { figure: "artefact cache warm", measured: seconds(warm), peer: seconds(host), target: target(warm) },
    ],
  };
}

async function evaluate(): Promise<{ time: number; resources: number }> {
  const start = performance.now();
  const child = spawn(
    process.execPath,
    ["--no-warnings", "-r", "./local/register.js", "bench/evaluate.ts", "prod"],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const end = atExit(() => child.kill());
  const closed = once(child, "close");
  const lines = readline.createInterface(child.stdout);
  const answer = await Promise.race([once(lines, "line"), closed]);
  const time = performance.now() - start;
  await closed;
  end();
  const resources = Number(answer[0]);
  if (child.exitCode !== 0 || !(resources > 0)) {
    throw new Error(`The evaluation ended with ${child.exitCode}`);
  }
  return { time, resources };
}
