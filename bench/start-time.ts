import { clearArtefactCache } from "./artefact-cache";
import { LocalStart } from "./local-start";
import { median, seconds } from "./median";
import { quiet } from "./quiet";
import type { Section } from "./section";
import { inTemporaryFolder } from "./temporary-folder";

const coldRuns = 3;
const warmRuns = 5;
const targetMs = 10_000;

/** How long after `npm start` the API answers. */
export async function startTime(): Promise<Section> {
  const cold: number[] = [];
  for (let run = 0; run < coldRuns; run++) {
    clearArtefactCache();
    cold.push(await firstAnswer());
  }
  const warm: number[] = [];
  for (let run = 0; run < warmRuns; run++) {
    warm.push(await firstAnswer());
  }
  const target = (times: readonly number[]) => ({ text: "≤ 10 s", isMet: median(times) <= targetMs });
  return {
    title: "First answer after `npm start`",
    method:
      "From the launch of `node local/start.mjs`, everything installed and nothing kept from before, until `GET /photos` " +
      `answers 200, asked every 10 ms; ${warmRuns} runs, ${coldRuns} without the artefact cache.`,
    rows: [
      { figure: "artefact cache removed", measured: seconds(cold), target: target(cold) },
      { figure: "artefact cache warm", measured: seconds(warm), target: target(warm) },
    ],
  };
}

function firstAnswer(): Promise<number> {
  return inTemporaryFolder(async (stateDir) => {
    await quiet();
    const start = performance.now();
    const local = new LocalStart(stateDir);
    try {
      const { photosUrl } = await local.outputs();
      return await local.until(async () => {
        const { status } = await fetch(`${photosUrl}photos`);
        return status === 200 ? performance.now() - start : undefined;
      }, 10);
    } finally {
      await local.stop();
    }
  });
}
