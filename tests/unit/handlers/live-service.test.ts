import { DeadLetters } from "../../../components/dead-letters";
import { EventBus } from "../../../components/event-bus";
import { UserPool } from "../../../components/user-pool";
import { Live } from "../../../services/live";
import { evaluate, only, type Registered } from "../program";

const deploy = () =>
  evaluate(() => {
    const bus = new EventBus("bus", { deadLetters: new DeadLetters("failures") });
    const users = new UserPool("users");
    const live = new Live("live", {
      bus,
      users,
      throttle: { rate: 10, burst: 20 },
      functions: {},
      deletionProtection: true,
    });
    return { url: live.url };
  });

/** `<action> on <resource>` of what a function calls on its bound clients. */
function grantsOf(graph: { resources: Registered[] }, name: string): string[] {
  const { inputs } = only(graph, "aws:iam/rolePolicy:RolePolicy", `${name}-policy`);
  const { Statement } = JSON.parse(String(inputs.policy)) as {
    Statement: { Action: string[]; Resource: string }[];
  };
  return Statement.flatMap(({ Action, Resource }) => Action.map((action) => `${action} on ${Resource}`))
    .filter((grant) => /^(dynamodb|execute-api|events):/.test(grant))
    .map((grant) => grant.replace(/arn:aws:[\w-]+:eu-west-1:123456789012:/, ""))
    .sort();
}

test("each function may do what its handler calls", async () => {
  const graph = await deploy();

  expect(grantsOf(graph, "live-api-authorize")).toEqual([]);
  expect(grantsOf(graph, "live-api-connect")).toEqual([
    "dynamodb:DeleteItem on live-connections",
    "dynamodb:PutItem on live-connections",
    "dynamodb:Query on live-connections",
    "execute-api:ManageConnections on live-api/main/GET/@connections/*",
  ]);
  expect(grantsOf(graph, "live-api-disconnect")).toEqual(["dynamodb:DeleteItem on live-connections"]);
  expect(grantsOf(graph, "live-api-send")).toEqual([
    "dynamodb:Query on live-states",
    "execute-api:ManageConnections on live-api/main/DELETE/@connections/*",
    "execute-api:ManageConnections on live-api/main/POST/@connections/*",
  ]);
  expect(grantsOf(graph, "live-api-default")).toEqual([
    "execute-api:ManageConnections on live-api/main/POST/@connections/*",
  ]);
  expect(grantsOf(graph, "bus-live")).toEqual([
    "dynamodb:DeleteItem on live-connections",
    "dynamodb:PutItem on live-states",
    "dynamodb:Query on live-connections",
    "execute-api:ManageConnections on live-api/main/POST/@connections/*",
  ]);
});

test("who is gone is erased from both tables", async () => {
  const graph = await deploy();

  expect(grantsOf(graph, "bus-live-erase")).toEqual([
    "dynamodb:DeleteItem on live-connections",
    "dynamodb:DeleteItem on live-states",
    "dynamodb:Query on live-connections",
    "dynamodb:Query on live-states",
  ]);
  const { inputs } = only(graph, "aws:cloudwatch/eventRule:EventRule", "bus-live-erase-rule");
  expect(JSON.parse(String(inputs.eventPattern))).toEqual({
    source: ["gallery.users"],
    "detail-type": ["user.removed"],
  });
});

test("it hears every event of a picture or a campaign and no other", async () => {
  const graph = await deploy();

  const { inputs } = only(graph, "aws:cloudwatch/eventRule:EventRule", "bus-live-rule");
  expect(JSON.parse(String(inputs.eventPattern))).toEqual({
    $or: [
      {
        source: ["gallery.media"],
        "detail-type": ["picture.processing", "picture.rendition", "picture.ready", "picture.failed"],
      },
      { source: ["gallery.campaigns"], "detail-type": ["campaign.changed"] },
    ],
  });
});

test("connections and states go by themselves when they have expired", async () => {
  const graph = await deploy();

  for (const name of ["live-connections", "live-states"]) {
    expect(only(graph, "aws:dynamodb/table:Table", name).inputs).toMatchObject({
      ttl: { attributeName: "expiresAt", enabled: true },
      deletionProtectionEnabled: true,
    });
  }
});

test("tokens are those of the user pool's own client", async () => {
  const graph = await deploy();

  expect(only(graph, "aws:lambda/function:Function", "live-api-authorize").inputs.environment).toEqual({
    variables: { USER_POOL_ID: "users-id", USER_POOL_CLIENT_ID: "users-web-id" },
  });
  expect(graph.outputs.url).toBe("https://live-api-stage.example/");
});
