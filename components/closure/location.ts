import * as fs from "node:fs";
import * as inspector from "node:inspector";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import * as ts from "typescript";

/** A place in a source file as people write it: lines count from 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
}

/** Where `name` first stands in the source of `callback`; undefined where V8 does not know the callback's file. */
export function locationOf(callback: () => unknown, name: string): Location | undefined {
  const start = functionLocation(callback);
  if (!start) {
    return undefined;
  }
  const [before = ""] = callback.toString().split(new RegExp(`\\b${name}\\b`));
  const line = start.line + before.split("\n").length - 1;
  return { file: start.file, line: sourceLine(start.file, line) };
}

/** File and line (from 1) of a function in the code that V8 runs. */
function functionLocation(callback: () => unknown): Location | undefined {
  const session = new inspector.Session();
  session.connect();
  const key = Symbol.for("gallery.locationOf");
  const holder = globalThis as { [key]?: unknown };
  try {
    const files = new Map<string, string>();
    session.on("Debugger.scriptParsed", ({ params }) => files.set(params.scriptId, params.url));
    session.post("Debugger.enable");
    holder[key] = callback;
    let found: Location | undefined;
    const expression = 'globalThis[Symbol.for("gallery.locationOf")]';
    session.post("Runtime.evaluate", { expression }, (_, evaluated) => {
      const objectId = evaluated?.result?.objectId;
      if (objectId === undefined) {
        return;
      }
      session.post("Runtime.getProperties", { objectId }, (_error, properties) => {
        const location = properties?.internalProperties?.find(({ name }) => name === "[[FunctionLocation]]");
        const { scriptId, lineNumber } = location?.value?.value ?? {};
        const url = files.get(scriptId) ?? "";
        if (url !== "") {
          found = { file: url.startsWith("file:") ? fileURLToPath(url) : url, line: lineNumber + 1 };
        }
      });
    });
    return found;
  } finally {
    delete holder[key];
    session.disconnect();
  }
}

/** The TypeScript line that a line of its transpiled form comes from. */
function sourceLine(file: string, line: number): number {
  if (path.extname(file) !== ".ts") {
    return line;
  }
  const config = ts.findConfigFile(path.dirname(file), ts.sys.fileExists);
  const json = config === undefined ? {} : ts.readConfigFile(config, ts.sys.readFile).config;
  const { options } = ts.convertCompilerOptionsFromJson(json.compilerOptions, path.dirname(config ?? file));
  const { sourceMapText = "" } = ts.transpileModule(fs.readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: { ...options, sourceMap: true, noEmit: false },
  });
  // The first mapped column of the line: an empty one belongs to the line before.
  const map = new TraceMap(sourceMapText);
  for (let column = 0; column < 200; column++) {
    const original = originalPositionFor(map, { line, column });
    if (original.line !== null) {
      return original.line;
    }
  }
  return line;
}
