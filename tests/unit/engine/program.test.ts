import * as pulumi from "@pulumi/pulumi";
import { Monitor } from "../../../local/engine/monitor";

class Thing extends pulumi.CustomResource {
  constructor(name: string, dependsOn: pulumi.Resource[] = []) {
    super("test:index:Thing", name, {}, { dependsOn });
  }
}

test("after a failure nothing more is begun, and what is under way is waited for", async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  let finishSlow: () => void = () => {};
  const monitor = new Monitor(
    {
      invoke: async () => ({}),
      register: async ({ name, custom }) => {
        if (!custom) {
          return { outputs: {} };
        }
        begun.push(name);
        if (name === "slow") {
          await new Promise<void>((resolve) => {
            finishSlow = resolve;
          });
        }
        if (name === "broken") {
          throw new Error("no room");
        }
        ended.push(name);
        return { id: name, outputs: {} };
      },
    },
    "project",
    "stack",
    false,
  );
  // Its outputs never come: the program is given up.
  void pulumi.runtime.runInPulumiStack(async () => {
    const slow = new Thing("slow");
    new Thing("broken");
    new Thing("after", [slow]);
  });

  await expect(monitor.failed).rejects.toThrow("no room");
  const settled = monitor.settled();
  finishSlow();
  await settled;
  await new Promise(setImmediate);

  expect(begun.sort()).toEqual(["broken", "slow"]);
  expect(ended).toEqual(["slow"]);
});
