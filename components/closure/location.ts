import * as fs from "node:fs";
import * as inspector from "node:inspector";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as vm from "node:vm";
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

/** The captured variable of `callback` that holds `value`, if its source names it. */
export function variableHolding(callback: object, value: object): string | undefined {
  const words = new Set(String(callback).match(/[\w$]+/g));
  return inspect([callback, value], (session, [fn, held]) => {
    const isHeld = (objectId: string | undefined): boolean => {
      let same = false;
      const functionDeclaration = "function (other) { return this === other; }";
      const call = { objectId: held, functionDeclaration, arguments: [{ objectId }] };
      session.post(
        "Runtime.callFunctionOn",
        call,
        (_, answer?: inspector.Runtime.CallFunctionOnReturnType) => {
          same = answer?.result.value === true;
        },
      );
      return objectId !== undefined && same;
    };
    return propertiesOf(session, internalProperty(session, fn, "[[Scopes]]")?.objectId)
      .flatMap((scope) => propertiesOf(session, scope.value?.objectId))
      .find((variable) => words.has(variable.name) && isHeld(variable.value?.objectId))?.name;
  });
}

/** File and line (from 1) of a function in the code that V8 runs. */
function functionLocation(callback: () => unknown): Location | undefined {
  return inspect([callback], (session, [fn], files) => {
    const { scriptId, lineNumber } = internalProperty(session, fn, "[[FunctionLocation]]")?.value ?? {};
    const url = files.get(scriptId) ?? "";
    return url === ""
      ? undefined
      : { file: url.startsWith("file:") ? fileURLToPath(url) : url, line: lineNumber + 1 };
  });
}

/** Lets V8's inspector look at objects: it knows them by id, scripts by id and address. */
function inspect<T>(
  objects: readonly object[],
  look: (
    session: inspector.Session,
    ids: readonly string[],
    files: ReadonlyMap<string, string>,
  ) => T | undefined,
): T | undefined {
  const session = new inspector.Session();
  session.connect();
  const key = Symbol.for("gallery.inspected");
  // Where expressions are evaluated, which under jest is not this module's global object.
  const holder = vm.runInThisContext("globalThis") as { [key]?: unknown };
  try {
    const files = new Map<string, string>();
    session.on("Debugger.scriptParsed", ({ params }) => files.set(params.scriptId, params.url));
    session.post("Debugger.enable");
    holder[key] = objects;
    const ids = objects.flatMap((_, index) => {
      let id: string | undefined;
      const expression = `globalThis[Symbol.for("gallery.inspected")][${index}]`;
      session.post("Runtime.evaluate", { expression }, (_error, evaluated) => {
        id = evaluated?.result?.objectId;
      });
      return id ?? [];
    });
    return ids.length === objects.length ? look(session, ids, files) : undefined;
  } finally {
    delete holder[key];
    session.disconnect();
  }
}

function internalProperty(session: inspector.Session, objectId: string | undefined, name: string) {
  let found: inspector.Runtime.RemoteObject | undefined;
  if (objectId !== undefined) {
    session.post("Runtime.getProperties", { objectId }, (_, properties) => {
      found = properties?.internalProperties?.find((property) => property.name === name)?.value;
    });
  }
  return found;
}

function propertiesOf(session: inspector.Session, objectId: string | undefined) {
  let found: inspector.Runtime.PropertyDescriptor[] = [];
  if (objectId !== undefined) {
    session.post("Runtime.getProperties", { objectId, ownProperties: true }, (_, properties) => {
      found = properties?.result ?? [];
    });
  }
  return found;
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
