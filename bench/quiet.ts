import * as os from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const sampleMs = 500;
const quietShare = 0.15;
const patienceMs = 20_000;

/** Waits, for 20 seconds at most, until the machine has little else to do; answers how busy it is, from 0 to 1. */
export async function quiet(): Promise<number> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const busy = await busyShare();
    if (busy <= quietShare || Date.now() > deadline) {
      return busy;
    }
  }
}

async function busyShare(): Promise<number> {
  const before = cpuTimes();
  await delay(sampleMs);
  const after = cpuTimes();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

function cpuTimes(): { idle: number; all: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    all: sum(times.flatMap((each) => Object.values(each))),
  };
}
