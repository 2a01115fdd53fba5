import * as os from "node:os";
import { quiet } from "./quiet";

/** The machine, the day, and how busy others keep the machine, which should be little. */
export async function circumstances(): Promise<string> {
  const cpus = os.cpus();
  const memoryGb = Math.round(os.totalmem() / 2 ** 30);
  const [kernel] = /^\d+\.\d+/.exec(os.release()) ?? [os.release()];
  const busyPercent = Math.round((await quiet()) * 100);
  return [
    `${cpus[0]?.model.trim()}, ${cpus.length} cores, ${memoryGb} GB of memory`,
    `${os.type()} ${kernel} ${os.arch()}`,
    `Node ${process.version}`,
    new Date().toISOString().slice(0, 10),
    `processors ${busyPercent} % busy before the start.`,
  ].join("; ");
}
