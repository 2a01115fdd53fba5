import { unknown } from "@pulumi/pulumi";
import { Deployment } from "../../../local/engine/deployment";
import type { Registrar } from "../../../local/engine/monitor";
import type { Program } from "../../../local/engine/program";
import type { AnyResourceHandler, Cloud, Properties, Registration } from "../../../local/engine/resource";

const options = {
  aliases: [],
  ignoreChanges: [],
  replaceOnChanges: [],
  deleteBeforeReplace: false,
  retainOnDelete: false,
};

type Wanted = Partial<Registration> & { name: string };

const cloud: Cloud = {
  region: "eu-west-1",
  account: "000000000000",
  client: () => {
    throw new Error("these handlers need no client");
  },
};

/** A cloud of things and parts in memory; `done` tells what was asked of it, in order. */
function setUp() {
  const done: string[] = [];
  const there = new Set<string>();
  const handler = (overrides: Partial<AnyResourceHandler> = {}): AnyResourceHandler => ({
    nameProperty: "name",
    replaceOn: ["name", "key"],
    outputs: (id) => ({ arn: `arn:${id}` }),
    create: async ({ name, fail }) => {
      if (fail) {
        throw new Error(String(fail));
      }
      done.push(`create ${name}`);
      there.add(String(name));
      return { id: String(name), outputs: { stamp: "1" } };
    },
    read: async (id) => (there.has(id) ? { stamp: "1" } : undefined),
    update: async (id, { stamp }) => {
      done.push(`update ${id}`);
      return stamp === undefined ? undefined : { stamp };
    },
    delete: async (id) => {
      done.push(`delete ${id}`);
      there.delete(id);
    },
    ...overrides,
  });
  const handlers: Record<string, AnyResourceHandler> = {
    thing: handler(),
    fixed: handler({ update: undefined }),
  };

  let wanted: Wanted[] = [];
  let evaluations = 0;
  const program = {
    evaluate: async (registrar: Registrar): Promise<Properties> => {
      evaluations += 1;
      const outputs: Properties = {};
      for (const { name, type = "thing", inputs = {}, ...rest } of wanted) {
        const registered = await registrar.register({
          urn: `urn:${name}`,
          type,
          name,
          custom: true,
          parent: undefined,
          dependencies: [],
          propertyDependencies: {},
          inputs,
          protect: false,
          ...rest,
        });
        outputs[name] = registered.outputs.arn;
      }
      return outputs;
    },
  } as unknown as Program;

  const invoke = async () => ({});
  const deployment = new Deployment(program, (type) => handlers[type] ?? handler(), invoke, cloud);
  return {
    deployment,
    done,
    there,
    evaluations: () => evaluations,
    /** Deploys a program that wants these resources. */
    deploy: async (...resources: Wanted[]) => {
      wanted = resources;
      done.length = 0;
      return deployment.apply(await deployment.plan(), cloud);
    },
  };
}

test("creates what is new under a generated name, the same that the plan foresaw", async () => {
  const { deployment, deploy, done } = setUp();

  await deploy({ name: "a" });

  const { id = "", outputs } = deployment.resources[0] ?? {};
  expect(id).toMatch(/^a-[0-9a-f]{7}$/);
  expect(outputs).toMatchObject({ name: id, arn: `arn:${id}`, stamp: "1" });
  expect(done).toEqual([`create ${id}`]);
  expect((await deployment.plan()).outputs).toEqual({ a: `arn:${id}` });
});

test("leaves alone what has not changed, and needs the program once for it", async () => {
  const { deploy, done, evaluations } = setUp();
  await deploy({ name: "a", inputs: { size: 1 } });
  const before = evaluations();

  const changes = await deploy({ name: "a", inputs: { size: 1 } });

  expect(changes).toEqual({ created: [], updated: [], deleted: [] });
  expect(done).toEqual([]);
  expect(evaluations() - before).toBe(1);
});

test("changes in place what can be, and keeps its name", async () => {
  const { deploy, done } = setUp();
  await deploy({ name: "a", inputs: { size: 1 } });

  const changes = await deploy({ name: "a", inputs: { size: 2 } });

  expect(changes.updated).toEqual(["urn:a"]);
  expect(done).toEqual([expect.stringMatching(/^update a-/)]);
});

test("runs the program again when a change in place gives an output that others were made of", async () => {
  const { deploy, deployment, evaluations } = setUp();
  await deploy({ name: "a", inputs: { size: 1 } }, { name: "b", inputs: { of: "1" } });
  const before = evaluations();

  await deploy({ name: "a", inputs: { size: 2, stamp: "2" } }, { name: "b", inputs: { of: "1" } });

  expect(evaluations() - before).toBe(2);
  expect(deployment.resources[0]?.outputs.stamp).toBe("2");
});

test.each([
  ["an input that cannot change in place", "thing", { key: "id" }, { key: "other" }],
  ["any input, where the type has no update", "fixed", { size: 1 }, { size: 2 }],
])("replaces for %s: the new one first, under another name", async (_, type, first, second) => {
  const { deploy, done } = setUp();
  await deploy({ name: "a", type, inputs: first });
  const old = done[0]?.split(" ")[1];

  await deploy({ name: "a", type, inputs: second });

  expect(done).toEqual([expect.stringMatching(/^create a-/), `delete ${old}`]);
  expect(done[0]).not.toBe(`create ${old}`);
});

test("a replacement under a name the program gives deletes the old one first", async () => {
  const { deploy, done } = setUp();
  await deploy({ name: "a", inputs: { name: "mine", key: 1 } });

  await deploy({ name: "a", inputs: { name: "mine", key: 2 } });

  expect(done).toEqual(["delete mine", "create mine"]);
});

test("deletes what is no longer wanted, dependents first", async () => {
  const { deploy, done } = setUp();
  await deploy({ name: "a", inputs: { name: "a" } }, { name: "b", inputs: { name: "b" } });

  const { deleted } = await deploy();

  expect(deleted).toHaveLength(2);
  expect(done).toEqual(["delete b", "delete a"]);
});

describe("what is protected", () => {
  const held = { name: "a", inputs: { name: "a", key: 1 }, protect: true };

  test.each([
    ["is not deleted", []],
    ["is not replaced", [{ ...held, inputs: { name: "a", key: 2 } }]],
  ])("%s, and nothing else is done either", async (_, wanted: Wanted[]) => {
    const { deploy, done, there } = setUp();
    await deploy(held);

    await expect(deploy(...wanted, { name: "b" })).rejects.toThrow(/^a: protected.*Nothing was changed/);
    expect(done).toEqual([]);
    expect([...there]).toEqual(["a"]);
  });
});

test("a replaced resource is deleted by a later deployment when this one fails before it can", async () => {
  const { deploy, done, there } = setUp();
  await deploy({ name: "a", inputs: { key: 1 } });
  const [old = ""] = there;
  const replaced = { name: "a", inputs: { key: 2 } };
  await expect(deploy(replaced, { name: "b", inputs: { fail: "no room" } })).rejects.toThrow();

  await deploy(replaced);

  expect(done).toEqual([`delete ${old}`]);
  expect(there.size).toBe(1);
});

test("a resource that was known by another name stays what it is", async () => {
  const { deploy, done, deployment } = setUp();
  await deploy({ name: "a", inputs: { size: 1 } });
  const { id } = deployment.resources[0] ?? {};

  await deploy({ name: "b", inputs: { size: 1 }, options: { ...options, aliases: ["urn:a"] } });

  expect(done).toEqual([]);
  expect(deployment.resources.map((resource) => [resource.urn, resource.id])).toEqual([["urn:b", id]]);
});

test("changes to ignore do not count, and what is retained stays in the cloud", async () => {
  const { deploy, done, there } = setUp();
  const kept = { ...options, ignoreChanges: ["size"], retainOnDelete: true };
  await deploy({ name: "a", inputs: { size: 1 }, options: kept });

  await deploy({ name: "a", inputs: { size: 2 }, options: kept });
  await deploy();

  expect(done).toEqual([]);
  expect(there.size).toBe(1);
});

test("an input that only the cloud can tell is never deployed as the plan has it", async () => {
  const { deploy, evaluations } = setUp();
  await deploy({ name: "a", inputs: { of: "known" } });
  const before = evaluations();

  await deploy({ name: "a", inputs: { of: unknown } });

  expect(evaluations() - before).toBe(2);
});

test("a failure names the resource, and what was done until then is known to the next deployment", async () => {
  const { deploy, done } = setUp();
  const a = { name: "a", inputs: { name: "a" } };

  await expect(deploy(a, { name: "b", inputs: { name: "b", fail: "no room" } })).rejects.toThrow(
    /^Creating b \(thing\) failed: no room$/,
  );
  await deploy(a, { name: "b", inputs: { name: "b" } });

  expect(done).toEqual(["create b"]);
});

test("two resources of one physical name are refused: the second would take the first's place", async () => {
  const { deploy } = setUp();

  await expect(
    deploy({ name: "a", inputs: { name: "same" } }, { name: "b", inputs: { name: "same" } }),
  ).rejects.toThrow(/Creating b .*: a already is same/);
});

test("takes up what an earlier start left, and makes anew what is gone", async () => {
  const first = setUp();
  const later = setUp();
  await first.deploy({ name: "a", inputs: { name: "a" } }, { name: "b", inputs: { name: "b" } });
  later.there.add("a");

  await later.deployment.adopt(first.deployment.state, cloud);
  await later.deploy({ name: "a", inputs: { name: "a" } }, { name: "b", inputs: { name: "b" } });

  expect(later.done).toEqual(["create b"]);
});
