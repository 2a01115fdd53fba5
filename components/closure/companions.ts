import * as path from "node:path";

/**
 * Packages that a bundle would cut off from files they read at run time: an artefact holds these files of theirs, as
 * they are and where Node looks for them, if its callback uses the package.
 */
const companions: Readonly<Record<string, readonly string[]>> = {
  // Starts threads of its own script and compiles the WebAssembly beside it; only the formats built into that.
  "wasm-vips": ["package.json", "lib/vips-node.js", "lib/vips.wasm"],
};

export const companionPackages = Object.keys(companions);

/** The files of packages below the folder `root`: name in the artefact → file on disk. */
export function companionFiles(root: string, packages: readonly string[]): Record<string, string> {
  const names = packages.flatMap((name) =>
    (companions[name] ?? []).map((file) => `node_modules/${name}/${file}`),
  );
  return Object.fromEntries(names.sort().map((name) => [name, path.join(root, name)]));
}
