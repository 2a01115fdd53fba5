// What `npm start -- [arguments]` runs: installs what is missing, then hands over to main.ts.
import { createRequire } from "node:module";
import { installOrExit } from "./install.mjs";

await installOrExit();

const require = createRequire(import.meta.url);
require("./transpile.js").register();

// No signal is handled here. One Ctrl-C can arrive twice, from the terminal and passed on by npm, so `main`
// must take a repeated signal as the same wish.
process.exitCode = await require("./main.ts").main(process.argv.slice(2));
