import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Emulator } from "../../../local/emulator";
import { connectCloud } from "../../../local/engine/cloud";
import type { Cloud, Inputs, Properties, ServiceTable } from "../../../local/engine/resource";

const region = "us-east-1";
const account = "000000000000";

/** A resource of a stack under test, driven as the engine drives it. */
export interface Deployed<Args> {
  readonly id: string;
  readonly outputs: Properties;
  /** Undefined when the resource is gone. */
  read(): Promise<Properties | undefined>;
  /** Changes the given inputs and keeps the others. */
  update(changes: Partial<Inputs<Args>>): Promise<Properties>;
  delete(): Promise<void>;
}

/** An emulator of its own, and what the given handlers deploy to it. */
export class Stack {
  private constructor(
    readonly endpoint: string,
    readonly cloud: Cloud,
    private readonly handlers: ServiceTable,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(...tables: ServiceTable[]): Promise<Stack> {
    const stateDir = await mkdtemp(path.join(tmpdir(), "aws-"));
    const emulator = await Emulator.start({
      stateDir,
      // Nothing these tests deploy calls AWS.
      endpoint: "http://127.0.0.1:9",
      region,
      progress: () => {},
      onExit: (reason) => {
        throw new Error(reason);
      },
    });
    const endpoint = emulator.address;
    const cloud = connectCloud({ endpoint, region, account });
    return new Stack(endpoint, cloud, Object.assign({}, ...tables), async () => {
      await emulator.stop();
      await rm(stateDir, { recursive: true, force: true });
    });
  }

  async create<Args>(type: string, given: Inputs<Args>): Promise<Deployed<Args>> {
    const { cloud } = this;
    const handler = this.handlers[type];
    if (!handler) throw new Error(`No handler for ${type}`);
    let inputs: Properties = { ...given };
    const name = handler.nameProperty;
    if (name) inputs[name] ??= `test-0a1b2c3${handler.nameSuffix?.(inputs) ?? ""}`;
    const outputsFrom = (id: string, own: Properties | undefined) => ({
      ...inputs,
      ...handler.outputs(id, inputs, cloud),
      ...own,
    });
    const { id, outputs } = await handler.create(inputs, cloud);
    return {
      id,
      outputs: outputsFrom(id, outputs),
      read: () => handler.read(id, inputs, cloud),
      async update(changes) {
        const old = inputs;
        inputs = { ...inputs, ...changes };
        if (!handler.update) throw new Error(`${type} replaces on every change`);
        return outputsFrom(id, await handler.update(id, inputs, old, cloud));
      },
      delete: () => handler.delete(id, inputs, cloud),
    };
  }
}

/** Asks until the answer is one, and answers it. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(20)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`Still nothing after 20 s from ${ask}`);
}
