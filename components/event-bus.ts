import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EventBridgeEvent, ScheduledEvent } from "aws-lambda";
import type { Handler } from "./closure/capture";
import type { DeadLetters } from "./dead-letters";
import type { EventContract } from "./event-contract";
import {
  type AsynchronousOptions,
  checkAsynchronous,
  type FunctionOptions,
  LambdaFunction,
} from "./function";
import { policyDocument, type Statement, trust } from "./iam";
import type { Sender } from "./messaging";
import { checkRange } from "./range";
import { bind } from "./sdk/bind";
import { type BusClient, busMethods } from "./sdk/eventbridge";

/**
 * An EventBridge event pattern.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export interface EventPattern {
  readonly source?: readonly unknown[];
  readonly "detail-type"?: readonly unknown[];
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly account?: readonly string[];
  readonly resources?: readonly unknown[];
  /** At least two patterns, of which one must match; none may name a field that is also named beside `$or`. */
  readonly $or?: readonly EventPattern[];
}

export interface EventBusArgs {
  /** Of all subscribers and schedules. */
  readonly deadLetters: DeadLetters;
  /** How long the archive keeps events for a replay, in days; 0 keeps them for ever. @default 30 */
  readonly archiveDays?: number;
  /** For all functions of this bus. */
  readonly functions?: FunctionOptions;
}

interface SubscriberOptions extends AsynchronousOptions {
  /** For this function alone, over the bus's. */
  readonly function?: FunctionOptions;
}

export interface OnOptions extends SubscriberOptions {
  /** Of a contract's events, only those whose detail matches. */
  readonly detail?: EventPattern["detail"];
}

export interface ScheduleOptions extends SubscriberOptions {
  /** IANA name. @default "UTC" */
  readonly timeZone?: string;
  /** The action starts within this many minutes, 1–1440; absent, it starts on time. */
  readonly flexibleWindowMinutes?: number;
}

type EventOf<P> =
  P extends EventContract<infer Type, infer Detail>
    ? EventBridgeEvent<Type, Detail>
    : P extends readonly EventContract<infer Type, infer Detail>[]
      ? EventBridgeEvent<Type, Detail>
      : EventBridgeEvent<string, unknown>;

/** A custom event bus with an archive. `sdk` is what producers call; `on` subscribes a callback. */
export class EventBus extends pulumi.ComponentResource {
  readonly sdk: BusClient;
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly nodes: { readonly bus: aws.cloudwatch.EventBus; readonly archive: aws.cloudwatch.EventArchive };

  constructor(
    private readonly logicalName: string,
    private readonly args: EventBusArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { archiveDays = 30 } = args;
    checkRange(logicalName, "archiveDays", archiveDays, 0);
    super("gallery:messaging:EventBus", logicalName, {}, opts);
    const parent = { parent: this };
    const bus = new aws.cloudwatch.EventBus(logicalName, {}, parent);
    const archive = new aws.cloudwatch.EventArchive(
      `${logicalName}-archive`,
      { eventSourceArn: bus.arn, retentionDays: archiveDays },
      parent,
    );
    this.sdk = bind(busMethods, {
      owner: `event bus "${logicalName}"`,
      name: logicalName,
      arn: bus.arn,
      target: { EventBusName: bus.name },
    });
    this.arn = bus.arn;
    this.name = bus.name;
    this.nodes = { bus, archive };
    this.registerOutputs({ name: this.name, arn: this.arn });
  }

  /**
   * Calls the handler with each event of the contract or contracts, or each that matches the pattern. What cannot be
   * delivered, or fails for good, goes to the dead letters `<bus>-<name>-failed`.
   */
  on<P extends Selection>(
    name: string,
    pattern: P,
    handler: Handler<EventOf<P>, unknown>,
    options: OnOptions = {},
  ): LambdaFunction<EventOf<P>, unknown> {
    const fullName = `${this.logicalName}-${name}`;
    checkAsynchronous(fullName, options);
    const parent = { parent: this };
    const rule = new aws.cloudwatch.EventRule(
      `${fullName}-rule`,
      { eventBusName: this.name, eventPattern: JSON.stringify(patternOf(pattern, options.detail)) },
      parent,
    );
    const sender = { service: "events.amazonaws.com", sourceArn: rule.arn };
    const { fn, deadLetters } = this.subscriber(fullName, handler, options, [sender]);
    const permission = new aws.lambda.Permission(
      `${fullName}-permission`,
      {
        action: "lambda:InvokeFunction",
        function: fn.name,
        principal: "events.amazonaws.com",
        sourceArn: rule.arn,
      },
      parent,
    );
    new aws.cloudwatch.EventTarget(
      `${fullName}-target`,
      {
        eventBusName: this.name,
        rule: rule.name,
        arn: fn.arn,
        retryPolicy: retryPolicyOf(options),
        deadLetterConfig: { arn: deadLetters.queueArn },
      },
      { ...parent, dependsOn: [permission] },
    );
    return fn;
  }

  /**
   * Calls the handler on a schedule: `rate(1 hour)`, `cron(0 3 * * ? *)` or `at(2030-01-01T00:00:00)`.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  schedule(
    name: string,
    expression: string,
    handler: Handler<ScheduledEvent, unknown>,
    options: ScheduleOptions = {},
  ): LambdaFunction<ScheduledEvent, unknown> {
    const { timeZone = "UTC", flexibleWindowMinutes } = options;
    const fullName = `${this.logicalName}-${name}`;
    checkAsynchronous(fullName, options);
    if (flexibleWindowMinutes !== undefined) {
      checkRange(fullName, "flexibleWindowMinutes", flexibleWindowMinutes, 1, 1440);
    }
    const { fn, deadLetters } = this.subscriber(fullName, handler, options, []);
    const parent = { parent: this };
    const role = new aws.iam.Role(
      `${fullName}-scheduler-role`,
      { assumeRolePolicy: trust("scheduler.amazonaws.com", this.ofSchedules()) },
      parent,
    );
    const policy = new aws.iam.RolePolicy(
      `${fullName}-scheduler-policy`,
      {
        role: role.name,
        policy: policyDocument([
          { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: fn.arn },
          deadLetters.sendStatement,
        ]),
      },
      parent,
    );
    new aws.scheduler.Schedule(
      `${fullName}-schedule`,
      {
        scheduleExpression: expression,
        scheduleExpressionTimezone: timeZone,
        flexibleTimeWindow:
          flexibleWindowMinutes === undefined
            ? { mode: "OFF" }
            : { mode: "FLEXIBLE", maximumWindowInMinutes: flexibleWindowMinutes },
        target: {
          arn: fn.arn,
          roleArn: role.arn,
          // The event a rule's schedule would send, so that handlers see one shape.
          input: JSON.stringify({
            source: "aws.scheduler",
            "detail-type": "Scheduled Event",
            time: "<aws.scheduler.scheduled-time>",
            id: "<aws.scheduler.execution-id>",
            resources: ["<aws.scheduler.schedule-arn>"],
            detail: {},
          }),
          retryPolicy: retryPolicyOf(options),
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      },
      { ...parent, dependsOn: [policy] },
    );
    return fn;
  }

  /**
   * Keeps the scheduler from using a role for others than the schedules of this account's default group.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
   */
  private ofSchedules(): Statement["Condition"] {
    // The bus is where its schedules are, so no account needs to be looked up.
    const place = this.arn.apply((arn) => {
      const [, partition, , region, account] = arn.split(":");
      return {
        account: `${account}`,
        group: `arn:${partition}:scheduler:${region}:${account}:schedule-group/default`,
      };
    });
    return {
      StringEquals: { "aws:SourceAccount": place.account },
      ArnEquals: { "aws:SourceArn": place.group },
    };
  }

  private subscriber<Event>(
    fullName: string,
    handler: Handler<Event, unknown>,
    { retries, maximumEventAgeSeconds, function: own }: SubscriberOptions,
    senders: readonly Sender[],
  ) {
    const parent = { parent: this };
    const deadLetters = this.args.deadLetters.path(fullName, senders, parent);
    const fn = new LambdaFunction(
      fullName,
      {
        ...this.args.functions,
        ...own,
        handler,
        asynchronous: { retries, maximumEventAgeSeconds, deadLetters },
      },
      parent,
    );
    return { fn, deadLetters };
  }
}

type Selection = EventContract | readonly EventContract[] | EventPattern;

/** The pattern that matches the events of the contract or contracts, and no others, whose detail matches. */
export function patternOf(selection: Selection, detail?: EventPattern["detail"]): EventPattern {
  if (!isContracts(selection)) {
    return detail === undefined ? selection : { ...selection, detail };
  }
  const contracts = [selection].flat();
  const patterns = [...new Set(contracts.map(({ source }) => source))].map((source) => {
    const types = contracts.filter((contract) => contract.source === source).map(({ type }) => type);
    return { source: [source], "detail-type": [...new Set(types)] };
  });
  // Sources and types in one list each would match the types of one source from another as well.
  return patterns.length === 1 ? { ...patterns[0], detail } : { $or: patterns, detail };
}

function isContracts(selection: Selection): selection is EventContract | readonly EventContract[] {
  return Array.isArray(selection) || "schema" in selection;
}

function retryPolicyOf({ retries = 2, maximumEventAgeSeconds = 3600 }: AsynchronousOptions) {
  return { maximumRetryAttempts: retries, maximumEventAgeInSeconds: maximumEventAgeSeconds };
}
