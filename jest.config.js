const transform = { "^.+\\.ts$": "<rootDir>/tests/transform.js" };
const ofKind = (kind) => ({
  displayName: kind,
  testMatch: [`<rootDir>/tests/${kind}/**/*.test.ts`],
  transform,
  testEnvironment: "node",
});

module.exports = {
  projects: [ofKind("unit"), ofKind("policy"), ofKind("local")],
  testSequencer: "<rootDir>/tests/sequencer.js",
  // Jest would leave one of two cores idle, although a test of the local cloud mostly waits.
  maxWorkers: Math.max(2, require("node:os").availableParallelism() - 1),
  // What V8's inspector was shown of a test's modules stays in its worker: a new one takes over from time to time.
  workerIdleMemoryLimit: "600MB",
  coverageProvider: "v8",
  // A start of the whole local cloud takes a minute where nothing is bundled yet and another starts beside it.
  testTimeout: 180_000,
};
