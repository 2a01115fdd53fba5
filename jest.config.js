const transform = { "^.+\\.ts$": "<rootDir>/tests/transform.js" };
const ofKind = (kind) => ({
  displayName: kind,
  testMatch: [`<rootDir>/tests/${kind}/**/*.test.ts`],
  transform,
  testEnvironment: "node",
});

module.exports = {
  projects: [ofKind("unit"), ofKind("policy"), ofKind("local")],
  coverageProvider: "v8",
  testTimeout: 60_000,
};
