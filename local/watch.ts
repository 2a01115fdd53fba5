import * as fs from "node:fs";
import * as path from "node:path";

/** An editor writes a file in several steps; they count as one change. */
const settleMs = 30;

/** Calls `changed` when one of the files does, or another appears beside one; several at once count as one. */
export class Watcher {
  private readonly watched = new Map<string, fs.FSWatcher>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly changed: () => void) {}

  /** Watches the folders of these files, and no others any more. */
  watch(files: readonly string[]): void {
    const folders = new Set(files.map((file) => path.dirname(file)));
    for (const [folder, watcher] of this.watched) {
      if (!folders.has(folder)) {
        watcher.close();
        this.watched.delete(folder);
      }
    }
    for (const folder of folders) {
      if (!this.watched.has(folder)) {
        const watcher = fs.watch(folder, (_, name) => {
          if (name === null || /\.(ts|json|yaml)$/.test(name)) {
            this.settle();
          }
        });
        // A folder that goes away takes its files along: the next evaluation tells.
        watcher.on("error", () => this.settle());
        this.watched.set(folder, watcher);
      }
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.watch([]);
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.changed, settleMs);
  }
}
