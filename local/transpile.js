// The one way TypeScript becomes JavaScript here. Pulumi's Node host registers ts-node with these same
// options, so a callback has the same text, and its artefact the same bytes, wherever the program runs.
const path = require("node:path");

/** Options for ts-node; types are checked by `npm run check`. */
const options = {
  project: path.join(__dirname, "..", "tsconfig.json"),
  transpileOnly: true,
  compilerOptions: { target: "ES2022", module: "node16", moduleResolution: "node16", sourceMap: true },
};

/** Lets this process import TypeScript; a file that is read again unchanged is not transpiled again. */
function register() {
  const service = require("ts-node").register(options);
  const compile = service.compile;
  const compiled = new Map();
  service.compile = (code, file, line) => {
    const known = compiled.get(file);
    if (known?.code === code) {
      return known.output;
    }
    const output = compile(code, file, line);
    compiled.set(file, { code, output });
    return output;
  };
}

module.exports = { options, register };
