import * as sfn from "@aws-sdk/client-sfn";
import { type Bound, service } from "./bind";

interface StateMachineTarget {
  readonly stateMachineArn: string;
}
/** A token or the ARN of an execution tells by itself what it is of. */
type NoTarget = object;

const { method } = service(() => new sfn.SFNClient({}));

/**
 * Step Functions operations on a state machine.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export const stateMachineMethods = {
  StartExecution: method(
    "states:StartExecution",
    (machine: StateMachineTarget, input: Omit<sfn.StartExecutionCommandInput, "stateMachineArn">) =>
      new sfn.StartExecutionCommand({ ...input, ...machine }),
  ),
};

/** Operations on the tasks of a state machine, by their tokens: allowed on the machine. */
export const taskMethods = {
  SendTaskSuccess: method(
    "states:SendTaskSuccess",
    (_: NoTarget, input: sfn.SendTaskSuccessCommandInput) => new sfn.SendTaskSuccessCommand(input),
  ),
  SendTaskFailure: method(
    "states:SendTaskFailure",
    (_: NoTarget, input: sfn.SendTaskFailureCommandInput) => new sfn.SendTaskFailureCommand(input),
  ),
  SendTaskHeartbeat: method(
    "states:SendTaskHeartbeat",
    (_: NoTarget, input: sfn.SendTaskHeartbeatCommandInput) => new sfn.SendTaskHeartbeatCommand(input),
  ),
};

/** Operations on the executions of a state machine, by their ARNs. */
export const executionMethods = {
  DescribeExecution: method(
    "states:DescribeExecution",
    (_: NoTarget, input: sfn.DescribeExecutionCommandInput) => new sfn.DescribeExecutionCommand(input),
  ),
  StopExecution: method(
    "states:StopExecution",
    (_: NoTarget, input: sfn.StopExecutionCommandInput) => new sfn.StopExecutionCommand(input),
  ),
};

/** The bound client of a state machine. */
export type StatesClient = Bound<typeof stateMachineMethods> &
  Bound<typeof taskMethods> &
  Bound<typeof executionMethods>;
