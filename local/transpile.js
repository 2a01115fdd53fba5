// The one way TypeScript becomes JavaScript here. Pulumi's Node host registers ts-node with these same
// options, so a callback has the same text, and its artefact the same bytes, wherever the program runs.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");

/** Options for ts-node; types are checked by `npm run check`. */
const options = {
  project: path.join(__dirname, "..", "tsconfig.json"),
  transpileOnly: true,
  compilerOptions: { target: "ES2022", module: "node16", moduleResolution: "node16", sourceMap: true },
};

const folder = path.join(__dirname, "..", "node_modules/.cache/gallery-typescript");
/** Files kept: those of several weeks of work. */
const capacity = 5000;

/** Text → JavaScript with its source map, which is kept in a folder: transpiling the program takes longer than running it. */
function compiler(service) {
  const salt = [service.ts.version, JSON.stringify(service.config.options)].join("\0");
  return (code, file) => {
    const name = createHash("sha256").update([salt, file, code].join("\0")).digest("hex");
    const kept = path.join(folder, `${name}.js`);
    try {
      return fs.readFileSync(kept, "utf8");
    } catch {
      const output = service.compile(code, file);
      keep(kept, output);
      return output;
    }
  };
}

/** Whatever goes wrong with the disk, the next time transpiles again. */
function keep(file, output) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    // Renamed into place: another process may read or write the same.
    fs.writeFileSync(`${file}.${process.pid}`, output);
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {}
}

function prune() {
  try {
    if (fs.readdirSync(folder).length > capacity) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  } catch {}
}

/** Lets this process import TypeScript; a file that is read again unchanged is not transpiled again. */
function register() {
  prune();
  const service = require("ts-node").register(options);
  const compile = compiler({ ...service, compile: service.compile });
  const outputs = new Map();
  service.compile = (code, file) => {
    const known = outputs.get(file);
    if (known?.code === code) {
      return known.output;
    }
    const output = compile(code, file);
    outputs.set(file, { code, output });
    return output;
  };
  // ts-node knows the source maps of what it has transpiled itself.
  createRequire(require.resolve("ts-node"))("@cspotcode/source-map-support").install({
    retrieveFile: (file) => outputs.get(file)?.output ?? "",
  });
}

module.exports = { compiler, options, register };
