import { DeadLetters } from "../../../../components/dead-letters";
import { LambdaFunction } from "../../../../components/function";
import { Table } from "../../../../components/table";
import {
  choice,
  fail,
  succeed,
  type TokenEvent,
  task,
  taskWithToken,
  Workflow,
} from "../../../../components/workflow";
import { namedError } from "../../../../handlers/named-error";

interface Campaign {
  readonly id: string;
  /** Error that the mail service answers each time; without one it is not there for the first two attempts. */
  readonly error?: string;
}

const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });

async function countAttempt(id: string): Promise<number> {
  const { Attributes } = await notes.sdk.UpdateItem({
    Key: { id: { S: id } },
    UpdateExpression: "ADD attempts :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
    ReturnValues: "UPDATED_NEW",
  });
  return Number(Attributes?.attempts?.N);
}

const ask = async ({ id, error }: Campaign) => {
  const attempts = await countAttempt(id);
  if (error !== undefined) {
    throw namedError(error, `no mail for ${id}`);
  }
  if (attempts < 3) {
    throw namedError("MailUnavailable", "come back later");
  }
  return { attempts };
};

const keepToken = async ({ token, input }: TokenEvent<Campaign>) => {
  await notes.sdk.UpdateItem({
    Key: { id: { S: input.id } },
    UpdateExpression: "SET #token = :token",
    ExpressionAttributeNames: { "#token": "token" },
    ExpressionAttributeValues: { ":token": { S: token } },
  });
};

const workflow = new Workflow("send", {
  deadLetters: new DeadLetters("dead-letters"),
  timeoutSeconds: 600,
  startAt: "ask",
  states: {
    ask: task(ask, {
      next: "path",
      result: "mail",
      retry: [{ errors: ["MailUnavailable"], attempts: 2, intervalSeconds: 1, backoffRate: 1 }],
      catch: [{ errors: ["MailRefused"], next: "refused", result: "error" }],
    }),
    path: choice({ on: "answers", is: { false: "listen" }, otherwise: "await" }),
    await: taskWithToken(keepToken, {
      next: "decide",
      result: "answer",
      catch: [{ errors: ["MailBounced"], next: "refused", result: "error" }],
    }),
    decide: choice({ on: "answer.status", is: { pending: "await", success: "sent" }, otherwise: "broken" }),
    listen: taskWithToken(async () => {}, {
      next: "sent",
      heartbeatSeconds: 1,
      timeoutSeconds: 300,
      catch: [{ errors: ["States.HeartbeatTimeout"], next: "poll", result: null }],
    }),
    poll: task(async () => "polled", { next: "sent", result: "answer" }),
    sent: succeed(),
    refused: succeed(),
    broken: fail({ error: "CampaignBroken", cause: "the mail service answered what nobody knows" }),
  },
});

const start = new LambdaFunction<object, string | undefined>("start", {
  handler: async (input) => {
    const { executionArn } = await workflow.sdk.StartExecution({ input: JSON.stringify(input) });
    return executionArn;
  },
});

const look = new LambdaFunction("look", {
  handler: async (executionArn: string) => {
    const { status, output, error } = await workflow.sdk.DescribeExecution({ executionArn });
    return { status, output, error };
  },
});

const stop = new LambdaFunction("stop", {
  handler: async (executionArn: string) => {
    await workflow.sdk.StopExecution({ executionArn });
  },
});

const answer = new LambdaFunction("answer", {
  handler: async ({ token, status }: { token: string; status: string }) => {
    if (status === "bounced") {
      await workflow.sdk.SendTaskFailure({ taskToken: token, error: "MailBounced", cause: "no such box" });
    } else {
      await workflow.sdk.SendTaskSuccess({ taskToken: token, output: JSON.stringify({ status }) });
    }
  },
});

export const notesTable = notes.name;
export const startFunction = start.name;
export const lookFunction = look.name;
export const stopFunction = stop.name;
export const answerFunction = answer.name;
