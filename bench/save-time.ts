import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { atExit } from "./at-exit";
import { LocalStart } from "./local-start";
import { median, milliseconds } from "./median";
import { quiet } from "./quiet";
import type { Section } from "./section";
import { inTemporaryFolder } from "./temporary-folder";

const runs = 7;
const targetMs = 1500;
/** Between two saves, as long as somebody who tries out what they have written. */
const pauseMs = 1500;

const file = path.resolve(__dirname, "../handlers/photos/read.ts");
/** The text that is changed: what a request for an unknown photo is told. */
const detail = "There is no photo ";

/** The handler no longer has the text that is changed. */
class NothingToChange extends Error {
  constructor() {
    super(`${file}: there is no "${detail}" to change; name another text in bench/save-time.ts`);
  }
}

/** How long after a handler is saved its change is served. */
export function saveTime(): Promise<Section> {
  const original = fs.readFileSync(file, "utf8");
  if (!original.includes(detail)) {
    throw new NothingToChange();
  }
  return inTemporaryFolder(async (stateDir) => {
    let saved = original;
    const restore = atExit(() => {
      // Whoever has saved the file in the meantime keeps what they wrote.
      if (fs.readFileSync(file, "utf8") === saved) {
        fs.writeFileSync(file, original);
      }
    });
    const local = new LocalStart(stateDir);
    const times: number[] = [];
    try {
      const { photosUrl } = await local.outputs();
      await local.until(() => local.printed.includes("Ctrl-C stops") || undefined, 50);
      for (let run = 0; run < runs; run++) {
        await delay(pauseMs);
        await quiet();
        // Never written before, so no cache knows its artefact.
        const changed = `There is (${randomUUID()}) no photo `;
        saved = original.replace(detail, changed);
        const printedBefore = local.printed.length;
        const start = performance.now();
        fs.writeFileSync(file, saved);
        // Requests while it works would take time from it.
        await local.until(() => local.printed.includes("Deployed in", printedBefore) || undefined, 2);
        const end = await local.until(async () => {
          const response = await fetch(`${photosUrl}photos/${randomUUID()}`);
          return (await response.text()).includes(changed) ? performance.now() : undefined;
        }, 10);
        times.push(end - start);
      }
    } finally {
      restore();
      await local.stop();
    }
    return {
      title: "A saved handler is live",
      method:
        "From the write of `handlers/photos/read.ts` with a text never used before until a request, sent when the local " +
        "cloud says that it has deployed, is answered with that text: evaluation, policies, bundling, deployment and cold " +
        `start; ${runs} runs.`,
      rows: [
        {
          figure: "save to answer",
          measured: milliseconds(times),
          target: { text: "≤ 1500 ms", isMet: median(times) <= targetMs },
        },
      ],
    };
  });
}
