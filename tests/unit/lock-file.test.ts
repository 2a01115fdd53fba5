import * as lock from "../../package-lock.json";

interface Entry {
  readonly optionalDependencies?: Record<string, string>;
  readonly resolved?: string;
}
const packages = lock.packages as Record<string, Entry>;

test("the lock file names the packages of every platform, so that `npm ci` works on each", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !(`${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages))
      .map((name) => `${name} of ${path}`),
  );

  expect(missing).toEqual([]);
});

test("the lock file has no download addresses", () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved?.startsWith("http"))).toEqual([]);
});
