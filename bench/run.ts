// `npm run bench -- [name …]`: measures and writes bench/results.md.
import * as path from "node:path";
import { artefactSize } from "./artefact-size";
import { circumstances } from "./circumstances";
import { evaluationTime } from "./evaluation-time";
import { importTime } from "./import-time";
import { insightsTime } from "./insights-time";
import { writeResults } from "./results";
import { saveTime } from "./save-time";
import { render, type Section } from "./section";
import { startTime } from "./start-time";
import { uploadTime } from "./upload-time";

const measurements: Readonly<Record<string, () => Promise<Section>>> = {
  "artefact-size": artefactSize,
  "import-time": importTime,
  "evaluation-time": evaluationTime,
  "start-time": startTime,
  "save-time": saveTime,
  "upload-time": uploadTime,
  "insights-time": insightsTime,
};

/** The command line names a measurement that there is not. */
class UnknownMeasurement extends Error {
  constructor(name: string) {
    super(`There is no measurement ${name}; there are ${Object.keys(measurements).join(", ")}.`);
  }
}

async function main(names: readonly string[]): Promise<void> {
  const chosen = (names.length > 0 ? names : Object.keys(measurements)).map((name) => {
    const measure = measurements[name];
    if (!measure) {
      throw new UnknownMeasurement(name);
    }
    return measure;
  });
  const file = path.join(__dirname, "results.md");
  for (const measure of chosen) {
    const when = await circumstances();
    const section = render(await measure(), when);
    console.log(`\n${section}`);
    writeResults(file, [section]);
  }
  console.log(`Wrote ${path.relative(process.cwd(), file)}`);
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof UnknownMeasurement ? error.message : error);
    process.exit(1);
  },
);
