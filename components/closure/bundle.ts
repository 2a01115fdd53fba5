import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";
import { cached, type Made } from "./cache";
import { toModule } from "./module";

/** Folder that holds package.json: modules are found, and source maps count, from here. */
const root = path.resolve(__dirname, "../..");

/**
 * Bundles the text of a serialised callback with the modules it uses into one CommonJS file that exports
 * `handler`, minified, its source map apart: the same bytes for the same text and dependencies. Takes about 0.3 s.
 */
export async function bundleAnew(text: string): Promise<Made> {
  const result = await esbuild.build({
    stdin: { contents: toModule(text, importName), resolveDir: root, sourcefile: "callback.js" },
    absWorkingDir: root,
    outfile: "index.js",
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    // The oldest Node that runs the artefact: a laptop's.
    target: "node20",
    // An SDK's ES modules let esbuild leave out the operations that no callback calls.
    mainFields: ["module", "main"],
    legalComments: "none",
    sourcemap: "external",
    charset: "utf8",
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const file = (extension: string) =>
    result.outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  return { code: file(".js"), sourceMap: file(".map") };
}

/** What besides the text makes a bundle what it is: dependencies, and how it is made. */
const salt = [
  esbuild.version,
  ...["package-lock.json", "components/closure/bundle.ts", "components/closure/module.ts"].map((file) =>
    fs.readFileSync(path.join(root, file), "utf8"),
  ),
].join("\0");

/** Keeps source maps by the SHA-256 of the code they belong to. */
export const bundleFolder = path.join(root, "node_modules/.cache/gallery");

/** The code of `bundleAnew`, or of an earlier run's. */
export const bundle = cached(bundleFolder, salt, bundleAnew);

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
