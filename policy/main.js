const path = require("node:path");
const { buildSync } = require("esbuild");

// Pulumi's runner type-checks a pack in TypeScript at each start, for four seconds. `npm run check` has checked
// this one already, so hand the runner JavaScript.
const { outputFiles } = buildSync({
  entryPoints: [path.join(__dirname, "index.ts")],
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20",
  sourcemap: "inline",
  write: false,
});
module._compile(outputFiles[0].text, path.join(__dirname, "index.js"));
