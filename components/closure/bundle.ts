import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as esbuild from "esbuild";
import { cached } from "./cache";
import { toModule } from "./module";

/** What is uploaded for a function: always the same bytes for the same callback and locked dependencies. */
export interface Artefact {
  /** `index.js`: a CommonJS module that exports `handler`, minified, dependencies included. */
  readonly code: string;
  /** Its source map, which is not uploaded. */
  readonly sourceMap: string;
  /** SHA-256 of the code, hexadecimal. */
  readonly hash: string;
}

/** Folder that holds package.json: modules are found, and source maps count, from here. */
const root = path.resolve(__dirname, "../..");

/** Bundles the text of a serialised callback with the modules it uses into one file; takes about 0.3 s. */
export async function bundleAnew(text: string): Promise<Artefact> {
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
  const code = file(".js");
  return { code, sourceMap: file(".map"), hash: createHash("sha256").update(code).digest("hex") };
}

/** `bundleAnew`, or its result for the same text and dependencies from an earlier run. */
export const bundle = cached(
  path.join(root, "node_modules/.cache/gallery"),
  esbuild.version + fs.readFileSync(path.join(root, "package-lock.json"), "utf8"),
  bundleAnew,
);

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
