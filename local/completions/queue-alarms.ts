import { isDeepStrictEqual } from "node:util";
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type * as aws from "@pulumi/aws";
import { Graph } from "../checks/graph";
import { connectCloud } from "../engine/cloud";
import type { Resource } from "../engine/resource";
import { type AlarmRule, type AlarmState, alarmState } from "./alarm-state";
import { Bell } from "./bell";
import type { Completion } from "./completion";
import type { Service } from "./service";

/** What an alarm's period is here, however long it is: nobody waits a minute at a laptop. */
const PERIOD_MS = 1_000;
/** How often queues are looked at when nothing has called anything for a while. */
const QUIET_PERIOD_MS = 10_000;
const QUIET_AFTER_MS = 30_000;

/** Metric of a queue → the attribute that has its value. */
const metrics = {
  ApproximateNumberOfMessagesVisible: "ApproximateNumberOfMessages",
  ApproximateNumberOfMessagesNotVisible: "ApproximateNumberOfMessagesNotVisible",
  ApproximateNumberOfMessagesDelayed: "ApproximateNumberOfMessagesDelayed",
} as const;

type Metric = keyof typeof metrics;

/** An alarm on the depth of one queue. */
export interface QueueAlarm extends AlarmRule {
  readonly name: string;
  readonly queueName: string;
  readonly metric: Metric;
}

interface Watched {
  readonly alarm: QueueAlarm;
  readonly datapoints: number[];
  state?: AlarmState["state"];
}

/**
 * Watches queues for the alarms on their depth and sets the alarms' state, so that their actions follow. The emulator
 * has no metrics of queues, and would judge an alarm by all queues' datapoints if it were given them: it does not look
 * at dimensions.
 */
export class QueueAlarms implements Completion {
  /** By the queue's name. */
  #watched: ReadonlyMap<string, readonly Watched[]> = new Map();
  readonly #sqs: SQSClient;
  readonly #bell = new Bell();
  readonly #stopped = new AbortController();
  #lastCall = performance.now();

  constructor(private readonly cloudWatch: Service) {
    const { region, account, emulatorAddress } = cloudWatch.surroundings;
    // Looking at a queue is no call that anybody made: it goes past the front door and is not on record.
    this.#sqs = connectCloud({ region, account, endpoint: emulatorAddress }).client(SQSClient);
    void this.#run();
  }

  configure(resources: readonly Resource[]): void {
    const known = [...this.#watched.values()].flat();
    const watched = new Map<string, Watched[]>();
    for (const alarm of queueAlarms(resources)) {
      const same = known.find((one) => isDeepStrictEqual(one.alarm, alarm));
      const ofQueue = watched.get(alarm.queueName) ?? [];
      ofQueue.push(same ?? { alarm, datapoints: [] });
      watched.set(alarm.queueName, ofQueue);
    }
    this.#watched = watched;
    this.heard();
  }

  heard(): void {
    const wasQuiet = this.#isQuiet();
    this.#lastCall = performance.now();
    if (wasQuiet) {
      this.#bell.ring();
    }
  }

  stop(): void {
    this.#stopped.abort();
    this.#sqs.destroy();
  }

  #isQuiet(): boolean {
    return performance.now() - this.#lastCall > QUIET_AFTER_MS;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#bell.wait(this.#isQuiet() ? QUIET_PERIOD_MS : PERIOD_MS, signal);
      await Promise.all([...this.#watched].map(([queueName, watched]) => this.#look(queueName, watched)));
    }
  }

  async #look(queueName: string, watched: readonly Watched[]): Promise<void> {
    const { account, emulatorAddress } = this.cloudWatch.surroundings;
    try {
      const { Attributes = {} } = await this.#sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: `${emulatorAddress}/${account}/${queueName}`,
          AttributeNames: ["All"],
        }),
      );
      for (const one of watched) {
        await this.#judge(one, Number(Attributes[metrics[one.alarm.metric]] ?? 0));
      }
    } catch {
      // A queue that is gone has no datapoints; a cloud that is stopping is not looked at again.
    }
  }

  async #judge(one: Watched, datapoint: number): Promise<void> {
    const { alarm, datapoints } = one;
    datapoints.push(datapoint);
    datapoints.splice(0, datapoints.length - alarm.evaluationPeriods);
    const judged = alarmState(datapoints, alarm);
    if (judged && judged.state !== one.state) {
      const set = new SetAlarmStateCommand({
        AlarmName: alarm.name,
        StateValue: judged.state,
        StateReason: judged.reason,
      });
      await this.cloudWatch.client(CloudWatchClient).send(set);
      one.state = judged.state;
    }
  }
}

/** The alarms on the depth of a queue; others, such as those on metric math, are not completed. */
export function queueAlarms(resources: readonly Resource[]): readonly QueueAlarm[] {
  const alarms = new Graph(resources).ofType<aws.cloudwatch.MetricAlarmArgs>(
    "aws:cloudwatch/metricAlarm:MetricAlarm",
  );
  return alarms.flatMap(({ id, inputs }) => {
    const { namespace, metricName, threshold, evaluationPeriods = 1 } = inputs;
    const queueName = inputs.dimensions?.QueueName;
    if (namespace !== "AWS/SQS" || !isMetric(metricName) || !queueName || threshold === undefined) return [];
    const alarm: QueueAlarm = {
      name: id,
      queueName,
      metric: metricName,
      comparisonOperator: inputs.comparisonOperator ?? "",
      threshold,
      evaluationPeriods,
      datapointsToAlarm: inputs.datapointsToAlarm ?? evaluationPeriods,
    };
    return [alarm];
  });
}

function isMetric(name: string | undefined): name is Metric {
  return name !== undefined && Object.hasOwn(metrics, name);
}
