import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import { busName } from "../aws/events-bus";
import { arnOf, Graph } from "../checks/graph";
import type { Resource } from "../engine/resource";
import { pause } from "./backoff";
import type { Completion } from "./completion";
import { type GivenUp, type Run, ruleAttributes, scheduleAttributes } from "./dead-letter";
import { sendTo } from "./destination";
import { type Refusal, refusalOf } from "./refusal";
import { targetName } from "./relay";
import type { Relayed } from "./relay-address";
import { type RetryPolicy, retryPolicy, stepAfter } from "./retry-policy";
import { scheduleInput } from "./schedule-input";
import type { Service } from "./service";

/** Where events of a rule or schedule go. */
interface Target {
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly deadLetterArn: string | undefined;
  readonly policy: RetryPolicy;
  /** A schedule's. */
  readonly input?: string;
}

/** One event on its way. */
interface Delivery {
  readonly target: Target;
  readonly service: Service;
  /** What the function gets; `attempt` counts from 1. */
  payload(attempt: number): string;
  attributes(givenUp: GivenUp): Record<string, string>;
}

/**
 * Delivers events of rules and schedules to functions: hands them to Lambda for asynchronous invocation, tries again
 * by the target's retry policy what Lambda refuses, and leaves in the target's dead-letter queue what it gives up.
 */
export class Targets implements Completion {
  #rules: ReadonlyMap<string, Target> = new Map();
  #schedules: ReadonlyMap<string, Target> = new Map();
  /** Events that came before their target was known: it is deployed before the completions hear of it. */
  #early: Relayed[] = [];
  readonly #stopped = new AbortController();

  constructor(
    private readonly events: Service,
    private readonly scheduler: Service,
  ) {
    // Each delivery that waits listens; there may be any number.
    setMaxListeners(0, this.#stopped.signal);
  }

  configure(resources: readonly Resource[]): void {
    const graph = new Graph(resources);
    this.#rules = new Map(ruleTargets(graph));
    this.#schedules = new Map(scheduleTargets(graph));
    const early = this.#early;
    this.#early = [];
    for (const relayed of early) {
      this.#begin(this.#deliveryOf(relayed));
    }
  }

  /** Takes over an event. One whose target is unknown also after the next deployment is dropped: it is gone. */
  take(relayed: Relayed): void {
    const delivery = this.#deliveryOf(relayed);
    if (!delivery) {
      this.#early.push(relayed);
    }
    this.#begin(delivery);
  }

  stop(): void {
    this.#stopped.abort();
  }

  #deliveryOf(relayed: Relayed): Delivery | undefined {
    if ("target" in relayed) {
      const target = this.#rules.get(relayed.target);
      return (
        target && {
          target,
          service: this.events,
          payload: () => relayed.event,
          attributes: (givenUp) => ruleAttributes(target.sourceArn, target.functionArn, givenUp),
        }
      );
    }
    const target = this.#schedules.get(relayed.schedule);
    if (!target) return undefined;
    const run: Run = {
      scheduleArn: target.sourceArn,
      scheduledTime: `${new Date().toISOString().slice(0, 19)}Z`,
      executionId: randomUUID(),
    };
    return {
      target,
      service: this.scheduler,
      payload: (attempt) => scheduleInput(target.input, run, attempt, this.scheduler.surroundings),
      attributes: (givenUp) => scheduleAttributes(run, target.functionArn, givenUp),
    };
  }

  #begin(delivery: Delivery | undefined): void {
    if (delivery) {
      void this.#deliver(delivery);
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const { target, service } = delivery;
    const { signal } = this.#stopped;
    const begun = performance.now();
    for (let retries = 0; ; retries++) {
      const refusal = await invoke(delivery, retries + 1);
      if (!refusal || signal.aborted) return;
      const step = stepAfter(refusal, retries, performance.now() - begun, target.policy);
      if (!("waitMs" in step)) {
        if (target.deadLetterArn === undefined) return;
        const attributes = delivery.attributes({ refusal, exhausted: step.exhausted, retries });
        const body = delivery.payload(retries + 1);
        return sendTo(target.deadLetterArn, { body, attributes }, service, signal);
      }
      if (!(await pause(step.waitMs, signal))) return;
    }
  }
}

async function invoke({ target, service, payload }: Delivery, attempt: number): Promise<Refusal | undefined> {
  try {
    const invocation = new InvokeCommand({
      FunctionName: target.functionArn,
      InvocationType: "Event",
      Payload: Buffer.from(payload(attempt)),
    });
    await service.client(LambdaClient).send(invocation);
    return undefined;
  } catch (error) {
    return refusalOf(error);
  }
}

function* ruleTargets(graph: Graph): Generator<[string, Target]> {
  const rules = graph.ofType<aws.cloudwatch.EventRuleArgs>("aws:cloudwatch/eventRule:EventRule");
  const targets = graph.ofType<aws.cloudwatch.EventTargetArgs>("aws:cloudwatch/eventTarget:EventTarget");
  for (const { inputs } of targets) {
    const { rule = "", targetId = "", arn = "", deadLetterConfig } = inputs;
    const bus = busName(inputs.eventBusName);
    const source = rules.find(
      ({ inputs: { name, eventBusName } }) => name === rule && busName(eventBusName) === bus,
    );
    const target = {
      sourceArn: arnOf(source) ?? "",
      functionArn: arn,
      deadLetterArn: deadLetterConfig?.arn,
      policy: retryPolicy(inputs.retryPolicy),
    };
    yield [targetName(bus, rule, targetId), target];
  }
}

function* scheduleTargets(graph: Graph): Generator<[string, Target]> {
  for (const schedule of graph.ofType<aws.scheduler.ScheduleArgs>("aws:scheduler/schedule:Schedule")) {
    const { arn = "", deadLetterConfig, input, retryPolicy: policy } = schedule.inputs.target ?? {};
    const target = {
      sourceArn: arnOf(schedule) ?? "",
      functionArn: arn,
      deadLetterArn: deadLetterConfig?.arn,
      policy: retryPolicy(policy),
      input,
    };
    yield [schedule.id, target];
  }
}
