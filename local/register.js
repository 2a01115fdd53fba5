// Lets Node run TypeScript: `node -r ./local/register.js <file>.ts`.
// Which Node versions later releases of the SDK will need is no news for whoever runs the locked one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
require("./transpile.js").register();
