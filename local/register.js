// Lets Node run TypeScript: `node -r ./local/register.js <file>.ts`.
require("./transpile.js").register();
