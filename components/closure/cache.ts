import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Results kept; a save makes one, so this is about a week of work on handlers. */
const capacity = 500;

/**
 * A function's JSON results on disk, by what they were made from. Whatever goes wrong with the disk, the
 * function is called instead.
 */
export function cached<T>(folder: string, salt: string, make: (text: string) => Promise<T>) {
  return async (text: string): Promise<T> => {
    const key = createHash("sha256").update(`${salt}\0${text}`).digest("hex");
    const file = path.join(folder, `${key}.json`);
    try {
      return JSON.parse(await fs.promises.readFile(file, "utf8"));
    } catch {
      const result = await make(text);
      await store(folder, file, JSON.stringify(result)).catch(() => {});
      return result;
    }
  };
}

async function store(folder: string, file: string, content: string): Promise<void> {
  await fs.promises.mkdir(folder, { recursive: true });
  // Renamed into place: another process may read or write the same result.
  const unfinished = `${file}.${process.pid}`;
  await fs.promises.writeFile(unfinished, content);
  await fs.promises.rename(unfinished, file);

  const names = await fs.promises.readdir(folder);
  if (names.length > capacity) {
    const files = names.map((name) => path.join(folder, name));
    const byAge = files.sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs);
    await Promise.all(byAge.slice(0, names.length - capacity).map((old) => fs.promises.rm(old)));
  }
}
