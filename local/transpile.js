// The one way TypeScript becomes JavaScript here. Pulumi's Node host registers ts-node with these same
// options, so a callback has the same text, and its artefact the same bytes, wherever the program runs.
const path = require("node:path");

const project = path.join(__dirname, "..", "tsconfig.json");

/** Options for ts-node's `register` and `create`; types are checked by `npm run check`. */
module.exports.options = {
  project,
  transpileOnly: true,
  compilerOptions: { target: "ES2022", module: "node16", moduleResolution: "node16", sourceMap: true },
};
