import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Files kept: two a save of a handler, so about a week of work. */
const capacity = 1000;

/** A callback's code in one file, and the packages that must lie beside it. */
export interface Bundle {
  readonly code: string;
  readonly packages: readonly string[];
}

export interface Made extends Bundle {
  readonly sourceMap: string;
}

/**
 * Keeps in a folder what `make` makes of a text: the bundle as `<digest of text and salt>.json`, its
 * source map as `<SHA-256 of the code>.js.map`. Whatever goes wrong with the disk, `make` is asked instead.
 */
export function cached(folder: string, salt: string, make: (text: string) => Promise<Made>) {
  return async (text: string): Promise<Bundle> => {
    const file = path.join(folder, `${sha256(salt + text)}.json`);
    try {
      return JSON.parse(await fs.promises.readFile(file, "utf8")) as Bundle;
    } catch {
      const { sourceMap, ...bundle } = await make(text);
      const map = path.join(folder, `${sha256(bundle.code)}.js.map`);
      await keep(folder, { [map]: sourceMap, [file]: JSON.stringify(bundle) }).catch(() => {});
      return bundle;
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
