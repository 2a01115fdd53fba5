const undos = new Set<() => void>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}
process.on("exit", () => {
  for (const undo of undos) {
    undo();
  }
});

/** Undoes something when this process ends, whatever ends it short of a kill; answers a way to do it now. */
export function atExit(undo: () => void): () => void {
  const once = () => {
    if (undos.delete(once)) {
      undo();
    }
  };
  undos.add(once);
  return once;
}
