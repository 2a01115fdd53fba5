import { DeadLetters } from "../../../components/dead-letters";
import { EncryptionKey } from "../../../components/encryption-key";
import { EventBus } from "../../../components/event-bus";
import { UserPool } from "../../../components/user-pool";
import { Campaigns } from "../../../services/campaigns";
import { evaluate, only, type Registered } from "../program";

type Graph = { resources: Registered[] };
let graph: Graph & { outputs: { url: string } };

beforeAll(async () => {
  graph = await evaluate(() => {
    const deadLetters = new DeadLetters("failures");
    const campaigns = new Campaigns("campaigns", {
      bus: new EventBus("bus", { deadLetters }),
      users: new UserPool("users"),
      api: { throttle: { rate: 10, burst: 20 }, corsOrigins: [] },
      deadLetters,
      functions: {},
      deletionProtection: true,
      key: new EncryptionKey("secrets"),
      mailUrl: "https://mail.example",
    });
    return { url: campaigns.url };
  });
});

/** `<action> on <resource>` of what a function calls on its bound clients. */
function grantsOf(name: string): string[] {
  const { inputs } = only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`);
  const { Statement } = JSON.parse(String(inputs.policy)) as {
    Statement: { Action: string[]; Resource: string }[];
  };
  return Statement.flatMap(({ Action, Resource }) => Action.map((action) => `${action} on ${Resource}`))
    .filter((grant) =>
      /^(dynamodb:(?!.*Stream|GetRecords|GetShard)|states|events|ssm|secretsmanager|kms)/.test(grant),
    )
    .map((grant) => grant.replace(/arn:aws:[\w-]+:eu-west-1:123456789012:/, ""))
    .sort();
}
const readsApiKey = ["kms:Decrypt on secrets", "ssm:GetParameter on parameter/gallery/test/mail-api-key"];
const environmentOf = (name: string) =>
  only(graph, "aws:lambda/function:Function", name).inputs.environment as
    | { variables: Record<string, string> }
    | undefined;
const machine = () => {
  const { inputs } = only(graph, "aws:sfn/stateMachine:StateMachine", "campaigns-send");
  return JSON.parse(String(inputs.definition));
};

test.each<[string, string[]]>([
  ["campaigns-api-start-campaign", ["dynamodb:PutItem on campaigns"]],
  ["campaigns-api-list-campaigns", ["dynamodb:Query on campaigns/index/byTime"]],
  ["campaigns-api-read-campaign", ["dynamodb:GetItem on campaigns"]],
  [
    "campaigns-api-mail-webhook",
    [
      "dynamodb:GetItem on campaigns-signatures",
      "dynamodb:PutItem on campaigns-signatures",
      "dynamodb:UpdateItem on campaigns",
      "kms:Decrypt on secrets",
      "secretsmanager:GetSecretValue on mail-signing",
    ],
  ],
  [
    "campaigns-drive",
    [
      "dynamodb:UpdateItem on campaigns",
      "states:SendTaskSuccess on campaigns-send",
      "states:StartExecution on campaigns-send",
    ],
  ],
  ["campaigns-announce", ["events:PutEvents on bus"]],
  [
    "bus-campaigns-users",
    [
      "dynamodb:BatchWriteItem on campaigns-deliveries",
      "dynamodb:Query on campaigns-deliveries/index/byUser",
      "dynamodb:UpdateItem on campaigns-recipients",
    ],
  ],
  [
    "campaigns-send-gather",
    [
      "dynamodb:BatchWriteItem on campaigns-deliveries",
      "dynamodb:GetItem on campaigns",
      "dynamodb:Query on campaigns-deliveries",
      "dynamodb:Scan on campaigns-recipients",
      "dynamodb:UpdateItem on campaigns",
    ],
  ],
  [
    "campaigns-send-ask",
    [
      "dynamodb:BatchWriteItem on campaigns-deliveries",
      "dynamodb:GetItem on campaigns",
      "dynamodb:Query on campaigns-deliveries",
      "dynamodb:Scan on campaigns-recipients",
      "dynamodb:UpdateItem on campaigns",
      ...readsApiKey,
    ],
  ],
  ["campaigns-send-wait", ["dynamodb:UpdateItem on campaigns"]],
  [
    "campaigns-send-poll",
    ["dynamodb:GetItem on campaigns", "dynamodb:UpdateItem on campaigns", ...readsApiKey],
  ],
  [
    "campaigns-send-finish",
    [
      "dynamodb:DeleteItem on campaigns-deliveries",
      "dynamodb:Query on campaigns-deliveries",
      "dynamodb:UpdateItem on campaigns",
      "dynamodb:UpdateItem on campaigns-deliveries",
      "dynamodb:UpdateItem on campaigns-recipients",
    ],
  ],
  ["campaigns-send-ended", ["dynamodb:UpdateItem on campaigns"]],
  ["campaigns-send-broken", ["dynamodb:UpdateItem on campaigns"]],
])("%s may do what its handler calls and no more", (name, expected) => {
  expect(grantsOf(name)).toEqual([...expected].sort());
});

test("the rotation of the signing secret reads the API key, to tell the mail service", () => {
  expect(grantsOf("mail-signing-rotate")).toEqual(expect.arrayContaining(readsApiKey));
});

test("the webhook's address comes to the function that asks, by its environment", () => {
  expect(environmentOf("campaigns-send-ask")?.variables.WEBHOOK_URL).toBe(graph.outputs.url);
});

test("users' routes are for signed-in users; the webhook is open and has a throttle of its own", () => {
  const routes = graph.resources.filter(({ type }) => type === "aws:apigatewayv2/route:Route");
  expect(Object.fromEntries(routes.map(({ inputs }) => [inputs.routeKey, inputs.authorizationType]))).toEqual(
    {
      "POST /campaigns": "JWT",
      "GET /campaigns": "JWT",
      "GET /campaigns/{id}": "JWT",
      "POST /webhooks/mail/{campaign}": "NONE",
    },
  );
  const { inputs } = only(graph, "aws:apigatewayv2/stage:Stage", "campaigns-api-stage");
  expect(inputs.routeSettings).toMatchObject([{ routeKey: "POST /webhooks/mail/{campaign}" }]);
});

test("of the table's changes, new campaigns and waiting ones drive executions", () => {
  const { inputs } = only(
    graph,
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "campaigns-drive-stream",
  );
  const { filters } = inputs.filterCriteria as { filters: { pattern: string }[] };
  expect(filters.map(({ pattern }) => JSON.parse(pattern))).toEqual([
    { eventName: ["INSERT"] },
    { dynamodb: { NewImage: { waiting: { M: { token: { S: [{ exists: true }] } } } } } },
  ]);
});

test("it loops from the choice to the wait, asks after a missed heartbeat, and gives up where nothing helps", () => {
  const { StartAt, States } = machine();
  const nextOf = (state: string, error: string) =>
    States[state].Catch.find(({ ErrorEquals }: { ErrorEquals: string[] }) => ErrorEquals.includes(error))
      ?.Next;

  expect(StartAt).toBe("gather");
  expect([States.gather.Next, States.ask.Next, States.wait.Next, States.poll.Next]).toEqual([
    "ask",
    "decide",
    "decide",
    "decide",
  ]);
  expect(States.decide.Choices.map(({ Next }: { Next: string }) => Next)).toEqual(["wait", "finish"]);
  expect(States.decide.Default).toBe("ended");
  expect(States.wait.HeartbeatSeconds).toBe(900);
  expect(nextOf("wait", "States.HeartbeatTimeout")).toBe("poll");
  expect(nextOf("poll", "MailUnavailable")).toBe("wait");
  for (const state of ["gather", "ask", "wait", "poll", "finish", "ended"]) {
    expect(nextOf(state, "States.ALL")).toBe("broken");
  }
  expect(States[States.broken.Next].Type).toBe("Fail");
});

test.each([
  ["ask", "MailRefused", 0],
  ["ask", "MailUnavailable", 10],
  ["wait", "States.HeartbeatTimeout", 0],
  ["wait", "CampaignOverdue", 0],
  ["poll", "MailUnavailable", 10],
  ["finish", "States.ALL", 3],
])("%s is tried again after %s %i times", (state, error, attempts) => {
  const { Retry } = machine().States[state];
  const entry = Retry.find(({ ErrorEquals }: { ErrorEquals: string[] }) => ErrorEquals.includes(error));
  expect(entry?.MaxAttempts).toBe(attempts);
});
