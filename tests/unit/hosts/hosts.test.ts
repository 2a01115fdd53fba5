import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { readProject } from "../../../local/project";
import { evaluate, only, type Registered } from "../program";
import { artefactsOf } from "./artefacts";
import { type Preview, preview } from "./pulumi-host";

const root = path.resolve(__dirname, "../../..");

let underPulumi: Preview;
let underJest: readonly Registered[];
beforeAll(async () => {
  const { config } = readProject(root, "dev");
  underPulumi = await preview("gallery", "dev", config);
  underJest = (await evaluate(() => require("../../../index"), config, "dev")).resources;
}, 180_000);

test("a function's artefact has the same bytes under npm start, under jest and in Pulumi's Node host", async () => {
  const script = ["--no-warnings", "-r", "./local/register.js", "tests/unit/hosts/print-artefacts.ts"];
  const underStart = JSON.parse(execFileSync(process.execPath, script, { cwd: root, encoding: "utf8" }));

  const expected = await artefactsOf(underPulumi.resources);
  expect(Object.keys(expected)).toContain("photos-api-publish-photo");
  expect(underStart).toEqual(expected);
  expect(await artefactsOf(underJest)).toEqual(expected);
});

test("a preview registers every resource, without errors or warnings, though no output is known", () => {
  const names = (registered: readonly Registered[]) =>
    registered
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map(({ type, name }) => `${type} ${name}`)
      .sort();

  expect(underPulumi.log).toBe("");
  expect(names(underPulumi.resources)).toEqual(names(underJest));
});

test("a preview knows of a function what does not depend on outputs, its code included", () => {
  const graph = { resources: [...underPulumi.resources] };
  const { inputs } = only(graph, "aws:lambda/function:Function", "photos-announce");

  expect(inputs).toMatchObject({
    memorySize: 256,
    timeout: 10,
    tracingConfig: { mode: "Active" },
    code: { assets: { "index.js": { text: expect.stringContaining("photo.published") } } },
  });
});
