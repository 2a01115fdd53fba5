import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { unknown } from "@pulumi/pulumi";
import { PolicyPack } from "../../local/policy";
import { clean, shownConfiguration, violating } from "./stacks";

const root = path.join(__dirname, "..", "..");
const packDir = path.join(root, "policy");
const config = { project: "gallery", stack: "test", values: {}, secretKeys: [] };

describe("the pack, over the analyzer protocol", () => {
  let pack: PolicyPack;
  beforeAll(async () => {
    pack = await PolicyPack.start(packDir);
  });
  afterAll(() => pack.close());

  test("has something against a stack that breaks every rule, by every rule", async () => {
    // Act
    const violations = await pack.check(violating, { ...config, values: shownConfiguration });

    // Assess
    const rules = readdirSync(path.join(packDir, "rules")).map((file) => path.basename(file, ".ts"));
    expect([...new Set(violations.map(({ rule }) => rule))].sort()).toEqual(rules.sort());
    expect(violations.filter(({ level }) => level !== "mandatory")).toEqual([]);
  });

  test("names the resource, what is wrong and what to do", async () => {
    // Act
    const violations = await pack.check(violating, config);

    // Assess
    expect(violations).toContainEqual({
      rule: "log-group-retention",
      level: "mandatory",
      urn: "urn:pulumi:test::gallery::aws:cloudwatch/logGroup:LogGroup::logs",
      message: "'logs' keeps its logs for ever. Set retentionInDays; 0 and the default mean for ever.",
      description: "Log groups keep their logs for a limited time.",
    });
  });

  test("has nothing against a stack that keeps them", async () => {
    // Prepare
    const values = { ...shownConfiguration, "aws:region": "eu-west-1" };

    // Act
    const violations = await pack.check(clean, { ...config, values, secretKeys: ["gallery:mailApiKey"] });

    // Assess
    expect(violations).toEqual([]);
  });

  test("has nothing against what a plan does not know", async () => {
    // Prepare
    const planned = clean.map((resource) => ({
      ...resource,
      inputs: Object.fromEntries(Object.keys(resource.inputs).map((key) => [key, unknown])),
      outputs: {},
    }));

    // Act
    const violations = await pack.check(planned, config);

    // Assess
    expect(violations).toEqual([]);
  });
});

describe("PolicyPack", () => {
  test("hands the pack its exemptions and levels", async () => {
    // Prepare
    const pack = await PolicyPack.start(packDir, {
      "log-group-retention": { exempt: { logs: "the auditor wants all of it" } },
      "function-tracing": { enforcementLevel: "advisory" },
    });

    // Act
    const violations = await pack.check(violating, config);
    await pack.close();

    // Assess
    expect(violations.filter(({ rule }) => rule === "log-group-retention")).toEqual([]);
    expect(violations.find(({ rule }) => rule === "function-tracing")?.level).toBe("advisory");
  });

  test("closes more than once", async () => {
    // Prepare
    const pack = await PolicyPack.start(packDir);

    // Act
    await pack.close();

    // Assess
    await expect(pack.close()).resolves.toBeUndefined();
  });

  test("ends its process with its own, however that ends", async () => {
    // Prepare
    const parent = spawn(process.execPath, ["-e", startAndPrintPid], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pids: number[] = [];
    for await (const line of createInterface(parent.stdout)) {
      if (line === "started") break;
      pids.push(Number(line));
    }

    // Act
    parent.kill("SIGKILL");

    // Assess
    expect(pids).toHaveLength(1);
    while (await isRunning(pids[0])) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  test("says what a pack says itself that does not start", async () => {
    // Prepare
    const broken = packOf("throw new Error('no such table of rules');");

    // Act
    const started = PolicyPack.start(broken);

    // Assess
    await expect(started).rejects.toThrow(/ended with exit code .* no such table of rules/s);
    rmSync(broken, { recursive: true });
  });

  test("says where no pack is", async () => {
    await expect(PolicyPack.start("/nowhere")).rejects.toThrow("/nowhere is none");
  });

  test("says which rule threw", async () => {
    // Prepare
    const broken = packOf(`
      const { PolicyPack } = require(${JSON.stringify(require.resolve("@pulumi/policy"))});
      const validateResource = () => { throw new Error("cannot divide by zero"); };
      new PolicyPack("broken", { policies: [{ name: "divide", description: "", validateResource }] });
    `);
    const pack = await PolicyPack.start(broken);

    // Act
    const checked = pack.check(clean, config);

    // Assess
    await expect(checked).rejects.toThrow(/policy 'divide' .* cannot divide by zero/s);
    await pack.close();
    rmSync(broken, { recursive: true });
  });
});

/** Keeps a pack running, having printed the ids of the processes it started. */
const startAndPrintPid = `
  require("ts-node").register(require("./local/transpile.js").options);
  const processes = require("node:child_process");
  const { spawn } = processes;
  processes.spawn = (...args) => {
    const child = spawn(...args);
    console.log(child.pid);
    return child;
  };
  require("./local/policy.ts").PolicyPack.start("policy").then(() => console.log("started"));
`;

/** A process nobody waits for stays in the table as a zombie, so ask for its state. */
function isRunning(pid: number | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "stat=", "-p", String(pid)], (_, state) => resolve(/^[^Z]/.test(state.trim())));
  });
}

/** The folder of a new pack with this program. */
function packOf(program: string): string {
  const dir = mkdtempSync(path.join(tmpdir(), "pack-"));
  writeFileSync(path.join(dir, "PulumiPolicy.yaml"), "runtime: nodejs");
  writeFileSync(path.join(dir, "package.json"), '{ "version": "1.0.0", "main": "main.js" }');
  writeFileSync(path.join(dir, "main.js"), program);
  return dir;
}
