import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DeadLetters } from "./dead-letters";
import { type FunctionOptions, LambdaFunction } from "./function";
import { policyDocument, type Statement, trust } from "./iam";
import { bind } from "./sdk/bind";
import { executionMethods, type StatesClient, stateMachineMethods, taskMethods } from "./sdk/states";
import { checkWorkflow } from "./workflow/check";
import { definitionOf } from "./workflow/definition";
import type { State } from "./workflow/state";

export { type Catch, type Retry, transientErrors } from "./workflow/errors";
export {
  choice,
  fail,
  type State,
  succeed,
  type TokenEvent,
  task,
  taskWithToken,
  wait,
} from "./workflow/state";

export interface WorkflowArgs<Name extends string> {
  /** Their alarms tell of executions that failed, timed out or were stopped. */
  readonly deadLetters: DeadLetters;
  readonly startAt: NoInfer<Name>;
  /** By name; each can be reached from `startAt`, and an end from each. */
  readonly states: Readonly<Record<Name, State<NoInfer<Name>>>>;
  /** An execution that takes longer ends as timed out; 1–31536000, which is a year. */
  readonly timeoutSeconds: number;
  /** @default 14 */
  readonly logRetentionDays?: number;
  /** For the functions of all tasks. */
  readonly functions?: FunctionOptions;
}

/**
 * What the role needs for the log, whose group receives through deliveries that have no ARN.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 */
const logs: Statement = {
  Effect: "Allow",
  Action: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  Resource: "*",
};

/** X-Ray has no resources for these. @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const traces: Statement = {
  Effect: "Allow",
  Action: [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
  ],
  Resource: "*",
};

/** How an execution ends that did not succeed: alarm → metric. */
const failures = {
  failed: "ExecutionsFailed",
  "timed-out": "ExecutionsTimedOut",
  aborted: "ExecutionsAborted",
} as const;

/**
 * A Step Functions standard state machine, with a function of its own, `<workflow>-<state>`, for each task. What states
 * hand on is logged nowhere, since it may be personal; Step Functions itself shows it, in an execution's history.
 *
 * `sdk` is what other callbacks start executions and end tasks with. The workflow's own tasks cannot use it: the state
 * machine comes after their functions, and the rights to it would come before them.
 */
export class Workflow<Name extends string = string> extends pulumi.ComponentResource {
  readonly sdk: StatesClient;
  readonly arn: pulumi.Output<string>;
  readonly nodes: {
    readonly machine: aws.sfn.StateMachine;
    readonly role: aws.iam.Role;
    readonly logGroup: aws.cloudwatch.LogGroup;
    /** Those of tasks, by state. */
    readonly functions: Readonly<Partial<Record<Name, LambdaFunction<never, unknown>>>>;
    readonly alarms: Readonly<Record<keyof typeof failures, aws.cloudwatch.MetricAlarm>>;
  };

  constructor(name: string, args: WorkflowArgs<Name>, opts?: pulumi.ComponentResourceOptions) {
    checkWorkflow(name, args);
    super("gallery:compute:Workflow", name, {}, opts);
    const parent = { parent: this };
    const functions = createFunctions();
    const arns = Object.fromEntries(functions.map(([state, { arn }]) => [state, arn]));
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      {
        // Beginning so, all log groups together need one entry of CloudWatch Logs' resource policy, which is short.
        name: `/aws/vendedlogs/states/${pulumi.getProject()}-${pulumi.getStack()}-${name}`,
        retentionInDays: args.logRetentionDays ?? 14,
      },
      parent,
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: trust("states.amazonaws.com", ofMachines(logGroup.arn)) },
      parent,
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-policy`,
      { role: role.name, policy: policyDocument([...invocations(Object.values(arns)), logs, traces]) },
      parent,
    );
    const machine = createMachine();

    this.sdk = createClient();
    this.arn = machine.arn;
    this.nodes = {
      machine,
      role,
      logGroup,
      functions: Object.fromEntries(functions) as Workflow<Name>["nodes"]["functions"],
      alarms: {
        failed: createAlarm("failed"),
        "timed-out": createAlarm("timed-out"),
        aborted: createAlarm("aborted"),
      },
    };
    this.registerOutputs({ arn: this.arn });

    function createFunctions() {
      return Object.entries<State>(args.states).flatMap(([state, described]) => {
        if (described.type !== "Task") {
          return [];
        }
        const { handler, environment, function: own } = described;
        const description = `State ${state} of ${name}`;
        const options = { ...args.functions, ...own, handler, environment, description };
        return [[state, new LambdaFunction(`${name}-${state}`, options, parent)] as const];
      });
    }

    function createMachine() {
      return new aws.sfn.StateMachine(
        name,
        {
          type: "STANDARD",
          roleArn: role.arn,
          definition: pulumi.jsonStringify(
            pulumi.output(arns).apply((known) => definitionOf(args, known, args.functions)),
          ),
          loggingConfiguration: {
            level: "ALL",
            includeExecutionData: false,
            logDestination: pulumi.interpolate`${logGroup.arn}:*`,
          },
          tracingConfiguration: { enabled: true },
        },
        // AWS makes no machine whose role may not write its log.
        { ...parent, dependsOn: [policy] },
      );
    }

    function createClient(): StatesClient {
      const to = { owner: `workflow "${name}"`, name, arn: machine.arn, target: {} };
      return {
        ...bind(stateMachineMethods, { ...to, target: { stateMachineArn: machine.arn } }),
        ...bind(taskMethods, to),
        ...bind(executionMethods, { ...to, arn: executionsOf(machine.arn) }),
      };
    }

    function createAlarm(end: keyof typeof failures) {
      return args.deadLetters.alarm(
        `${name}-${end}`,
        {
          description: `An execution of ${name} ended as ${end.replace("-", " ")}.`,
          namespace: "AWS/States",
          metricName: failures[end],
          dimensions: { StateMachineArn: machine.arn },
        },
        parent,
      );
    }
  }
}

/** `…:stateMachine:<name>` → `…:execution:<name>:*` */
function executionsOf(machineArn: pulumi.Output<string>): pulumi.Output<string> {
  return machineArn.apply((arn) => `${arn.replace(":stateMachine:", ":execution:")}:*`);
}

function invocations(functionArns: readonly pulumi.Output<string>[]): Statement[] {
  return functionArns.length === 0
    ? []
    : [{ Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: functionArns }];
}

/**
 * Keeps Step Functions from using the role for others than state machines of this account, here.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy
 */
function ofMachines(logGroupArn: pulumi.Output<string>): Statement["Condition"] {
  // The log group is where the machine will be, so no account needs to be looked up.
  const place = logGroupArn.apply((arn) => {
    const [, partition, , region, account] = arn.split(":");
    return { account: `${account}`, machines: `arn:${partition}:states:${region}:${account}:stateMachine:*` };
  });
  return {
    StringEquals: { "aws:SourceAccount": place.account },
    ArnLike: { "aws:SourceArn": place.machines },
  };
}
