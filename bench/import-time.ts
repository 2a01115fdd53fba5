import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";
import { unzipSync } from "fflate";
import { renditionNames } from "../handlers/media/picture/renditions";
import { packageOf } from "../local/aws/archive";
import { type DeployedFunction, galleryFunctions, stockFunctions } from "./functions";
import { median, milliseconds } from "./median";
import type { Row, Section } from "./section";
import { inTemporaryFolder } from "./temporary-folder";

const runs = 100;
const stockRuns = 20;
const targetRatio = 1.1;
const name = "photos-api-publish-photo";
/** Carry the picture library, which readies itself in a thread of its own after the import. */
const renderers = renditionNames.map((rendition) => `media-uploaded-${rendition}`);
const rendererRuns = 20;

/** Prints how long the module named on the command line takes to import, in milliseconds. */
const stopwatch =
  "const start = performance.now(); require(process.argv[1]); console.log(performance.now() - start); process.exit();";

/** How long Node takes to import a function, beside the same one bundled by hand. */
export function importTime(): Promise<Section> {
  return inTemporaryFolder(async (folder) => {
    const functions = await galleryFunctions();
    const files = {
      own: await unpacked(name, functions, path.join(folder, "own"), "index.js"),
      byHand: await bundledByHand(path.join(folder, "by-hand/index.js")),
      stock: await unpacked(name, await stockFunctions(), path.join(folder, "stock"), "__index.js"),
    };
    const times = { own: [] as number[], byHand: [] as number[], stock: [] as number[] };
    const measure = (contestant: keyof typeof files) => times[contestant].push(importOf(files[contestant]));
    for (let run = 0; run < runs; run++) {
      // Each goes first as often as the other.
      const order = run % 2 === 0 ? (["own", "byHand"] as const) : (["byHand", "own"] as const);
      order.forEach(measure);
    }
    for (let run = 0; run < stockRuns; run++) {
      measure("stock");
    }
    const rendererRows: Row[] = [];
    for (const renderer of renderers) {
      const entry = await unpacked(renderer, functions, path.join(folder, renderer), "index.js");
      const imports = Array.from({ length: rendererRuns }, () => importOf(entry));
      rendererRows.push({ figure: `\`${renderer}\``, measured: milliseconds(imports) });
    }
    const ratio = median(times.own) / median(times.byHand);
    return {
      title: "Import of a function",
      method:
        `\`performance.now()\` around \`require\` of the uploaded \`index.js\` of \`${name}\`, in a fresh Node process ` +
        `each time, ${runs} runs of each by turns. The peers: the same handler written by hand ` +
        "([by-hand/publish.ts](by-hand/publish.ts)) and bundled by esbuild, minified; and, in " +
        `${stockRuns} runs, what stock \`aws.lambda.CallbackFunction\` uploads for the same callback, unpacked. ` +
        "Gallery's bundle is the smaller one: of the SDK's credential providers it has only what Lambda uses. " +
        `The functions of the renditions, ${rendererRuns} runs each, ready the picture library in a thread after that.`,
      rows: [
        {
          figure: "beside a bundle by hand",
          measured: milliseconds(times.own),
          peer: milliseconds(times.byHand),
          target: { text: `≤ ${targetRatio} × peer`, isMet: ratio <= targetRatio },
        },
        { figure: "times the bundle by hand", measured: ratio.toFixed(2) },
        {
          figure: "beside `CallbackFunction`",
          measured: milliseconds(times.own),
          peer: milliseconds(times.stock),
        },
        ...rendererRows,
      ],
    };
  });
}

function importOf(entry: string): number {
  return Number(execFileSync(process.execPath, ["-e", stopwatch, entry], { encoding: "utf8" }));
}

/** Unpacks the function into a folder as Lambda does; answers the path of its entry. */
async function unpacked(
  name: string,
  functions: readonly DeployedFunction[],
  folder: string,
  entry: string,
): Promise<string> {
  const fn = functions.find((candidate) => candidate.name === name);
  const files = unzipSync(await packageOf(fn?.code));
  for (const [file, bytes] of Object.entries(files)) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, bytes);
  }
  return path.join(folder, entry);
}

async function bundledByHand(outfile: string): Promise<string> {
  await esbuild.build({
    entryPoints: [path.join(__dirname, "by-hand/publish.ts")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  return outfile;
}
