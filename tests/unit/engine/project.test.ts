import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { InvalidProject, readProject } from "../../../local/project";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "project-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function read(project: string, stack: string) {
  fs.writeFileSync(path.join(folder, "Pulumi.yaml"), project);
  fs.writeFileSync(path.join(folder, "Pulumi.dev.yaml"), stack);
  return readProject(folder, "dev");
}
const header = "name: shop\nruntime: nodejs\n";
const declared = `${header}config:
  aws:region: { value: eu-west-1 }
  days: { type: integer, default: 14 }
  origins: { type: array, items: { type: string }, default: [] }
  shop:open: { type: boolean }
`;

test("declared defaults are filled in and qualified, what the stack sets wins", () => {
  const { config, region, name } = read(declared, "config:\n  shop:days: 3\n  aws:region: us-east-1\n");

  expect(config).toEqual({ "aws:region": "us-east-1", "shop:days": "3", "shop:origins": "[]" });
  expect({ region, name }).toEqual({ region: "us-east-1", name: "shop" });
});

test("an encrypted value is not read, its key is", () => {
  const { config, secretKeys } = read(declared, "config:\n  shop:key:\n    secure: v1:abc\n");

  expect(secretKeys).toEqual(["shop:key"]);
  expect(config).not.toHaveProperty("shop:key");
});

test.each([
  ["a value of another type", declared, "config:\n  shop:days: soon\n", /shop:days is "soon".*integer/],
  ["a key without namespace", declared, "config:\n  days: 3\n", /"days" needs a namespace; write shop:days/],
  ["a list for a mapping", declared, "config: []\n", /config must be a mapping/],
  ["no region", header, "config: {}\n", /aws:region is not set.*pulumi config set/],
  ["no name", "runtime: nodejs\n", "config: {}\n", /`name` is missing/],
  ["no YAML", "name: [\n", "config: {}\n", /Pulumi\.yaml is not valid YAML/],
])("%s is refused, with the file", (_, project, stack, message) => {
  const attempt = () => read(project, stack);

  expect(attempt).toThrow(InvalidProject);
  expect(attempt).toThrow(message);
});

test("a folder without a project is refused", () => {
  expect(() => readProject(folder, "dev")).toThrow(/Pulumi\.yaml does not exist/);
});
