import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Files kept: two a save of a handler, so about a week of work. */
const capacity = 1000;

/** A file and one that goes with it, made of a text. */
export interface Made {
  readonly code: string;
  readonly sourceMap: string;
}

/**
 * Keeps in a folder what `make` makes of a text: `<digest of text and salt>.js` and, beside it,
 * `<SHA-256 of the code>.js.map`. Whatever goes wrong with the disk, `make` is asked instead.
 */
export function cached(folder: string, salt: string, make: (text: string) => Promise<Made>) {
  return async (text: string): Promise<string> => {
    const file = path.join(folder, `${sha256(salt + text)}.js`);
    try {
      return await fs.promises.readFile(file, "utf8");
    } catch {
      const { code, sourceMap } = await make(text);
      await keep(folder, { [path.join(folder, `${sha256(code)}.js.map`)]: sourceMap, [file]: code }).catch(
        () => {},
      );
      return code;
    }
  };
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function keep(folder: string, files: Record<string, string>): Promise<void> {
  await fs.promises.mkdir(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    // Renamed into place: another process may read or write the same.
    const unfinished = `${file}.${process.pid}`;
    await fs.promises.writeFile(unfinished, content);
    await fs.promises.rename(unfinished, file);
  }

  const names = await fs.promises.readdir(folder);
  if (names.length > capacity) {
    const kept = names.map((name) => path.join(folder, name));
    const byAge = kept.sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs);
    await Promise.all(byAge.slice(0, names.length - capacity).map((old) => fs.promises.rm(old)));
  }
}
