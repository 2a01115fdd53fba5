import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";
import { batched } from "./batch";
import { cached, type Made, sha256 } from "./cache";
import { companionPackages } from "./companions";
import { toModule } from "./module";

/** Folder that holds package.json and node_modules: modules are found, and source maps count, from here. */
export const root = path.resolve(__dirname, "../..");

/**
 * Bundles the texts of serialised callbacks, each with the modules it uses into one CommonJS file that exports
 * `handler`, minified, its source map apart; companions are named instead. Those that use the same modules go
 * together, which takes less time, since modules are read once: about 0.3 s and then 0.05 s each. Others go apart: a
 * module that one of them needs whole would be whole in all, so that a text's bytes depended on its company.
 */
export async function bundleAll(texts: readonly string[]): Promise<Made[]> {
  const sources = texts.map((text) => toModule(text, importName));
  const groups = new Map<string, string[]>();
  for (const source of sources) {
    const modules = modulesOf(source);
    groups.set(modules, [...(groups.get(modules) ?? []), source]);
  }
  const made = new Map((await Promise.all([...groups.values()].map(bundleTogether))).flat());
  return sources.map((source) => made.get(source) as Made);
}

/** Which modules a source imports or requires, and how. */
function modulesOf(source: string): string {
  const uses = source.match(/\bfrom "[^"]+"|\brequire\("[^"]+"\)/g) ?? [];
  return [...new Set(uses)].sort().join("\n");
}

async function bundleTogether(
  sources: readonly string[],
): Promise<(readonly [source: string, made: Made])[]> {
  const modules = new Map(sources.map((source) => [sha256(source), source]));
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: Object.fromEntries([...modules.keys()].map((id) => [id, `callback:${id}`])),
    plugins: [{ name: "callback", setup: (build) => provide(build, modules) }],
    absWorkingDir: root,
    outdir: ".",
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    // The oldest Node that runs the artefact: a laptop's.
    target: "node20",
    // An SDK's ES modules let esbuild leave out the operations that no callback calls.
    mainFields: ["module", "main"],
    external: companionPackages,
    metafile: true,
    alias: { "@aws-sdk/credential-provider-node": path.join(__dirname, "credentials.ts") },
    legalComments: "none",
    sourcemap: "external",
    charset: "utf8",
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const files = new Map(outputFiles.map((file) => [path.basename(file.path), file]));
  const content = (name: string) => files.get(name)?.text ?? "";
  const packages = (name: string) => {
    const imported = metafile.outputs[name]?.imports.map((each) => each.path) ?? [];
    return companionPackages.filter((each) =>
      imported.some((it) => it === each || it.startsWith(`${each}/`)),
    );
  };
  return [...modules].map(([id, source]) => [
    source,
    {
      code: content(`${id}.js`),
      packages: packages(`${id}.js`),
      sourceMap: content(`${id}.js.map`),
    },
  ]);
}

/** Serves `callback:<id>` from the sources by id. */
function provide(build: esbuild.PluginBuild, sources: ReadonlyMap<string, string>): void {
  const namespace = "callback";
  build.onResolve({ filter: /^callback:/ }, (entry) => ({ namespace, path: entry.path.slice(9) }));
  build.onLoad({ filter: /.*/, namespace }, ({ path: id }) => ({
    contents: sources.get(id) ?? "",
    resolveDir: root,
  }));
}

/** What besides the text makes a bundle what it is: dependencies, and how it is made. */
const salt = [
  ...["bundle.ts", "companions.ts", "credentials.ts", "module.ts"].map((file) => path.join(__dirname, file)),
  path.join(root, "package-lock.json"),
]
  .map((file) => fs.readFileSync(file, "utf8"))
  .join("\0");

/** Keeps source maps by the SHA-256 of the code they belong to. */
export const bundleFolder = path.join(root, "node_modules/.cache/gallery");

/** The bundle that `bundleAll` makes of a text, now or in an earlier run; callbacks of one program go together. */
export const bundle = cached(bundleFolder, salt, batched(bundleAll, 25));

/**
 * The name to import a captured module by. Pulumi names the file it found in memory; where that is the
 * package's entry, the package's name lets the bundler take the entry's ES module form.
 */
function importName(file: string): string {
  const segments = file.split("/");
  const packageName = segments.slice(0, file.startsWith("@") ? 2 : 1).join("/");
  try {
    const resolve = (name: string) => require.resolve(name, { paths: [root] });
    return path.isAbsolute(resolve(packageName)) &&
      resolve(packageName) === path.join(root, "node_modules", file)
      ? packageName
      : file;
  } catch {
    return file;
  }
}
