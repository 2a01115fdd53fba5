import * as pulumi from "@pulumi/pulumi";
import type { EventBus } from "../components/event-bus";
import { journal } from "../handlers/bus/journal";

export interface JournalArgs {
  readonly bus: EventBus;
}

/** Keeps a log of every event of the bus. */
export class Journal extends pulumi.ComponentResource {
  constructor(name: string, { bus }: JournalArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gallery:service:Journal", name, {}, opts);
    bus.on(name, { source: [{ prefix: "gallery." }] }, journal);
    this.registerOutputs();
  }
}
