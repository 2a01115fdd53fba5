// What `npm start -- [arguments]` runs: installs what is missing, then hands over to main.ts.
import { createRequire } from "node:module";
import { installOrExit } from "./install.mjs";

await installOrExit();

// Which Node versions later releases of the SDK will need is no news for whoever runs the locked one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const require = createRequire(import.meta.url);
require("./transpile.js").register();

// No signal is handled here. One Ctrl-C can arrive twice, from the terminal and passed on by npm, so `main`
// must take a repeated signal as the same wish.
process.exitCode = await require("./main.ts").main(process.argv.slice(2));
