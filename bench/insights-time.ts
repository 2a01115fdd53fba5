import { setTimeout as delay } from "node:timers/promises";
import { DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { deployer, galleryClient, setFaults } from "../tests/local/gallery-client";
import { ask, insightsClient } from "../tests/local/insights/views";
import { eventually, type RunningCloud, startCloud } from "../tests/local/local-cloud";
import { signUp } from "../tests/local/sign-in";
import { quiet } from "./quiet";
import type { Section } from "./section";

const posts = 5000;
const hands = 32;
const reads = 300;
/** Keeps reads below the routes' throttle. */
const pauseMs = 25;

/** What the front takes while its consumer stands still, and how long reads of counts take. */
export async function insightsTime(): Promise<Section> {
  const cloud = await startCloud([]);
  try {
    const user = await signUp(cloud.address, cloud.outputs.userPoolClientId ?? "", "bench@gallery.example");
    const { publish } = galleryClient(cloud, user);
    const photo = await publish("Benched");
    const { post, today, mostViewed } = insightsClient(cloud);
    await eventually(async () =>
      (await insightsClient(cloud).days(photo)).status === 200 ? true : undefined,
    );

    await post({ photo });
    await eventually(async () => ((await today(photo)) === 1 ? true : undefined));
    await quiet();
    // Each of the consumer's functions waits until it is ended.
    await setFaults(cloud, [{ caller: "insights-views-*", action: "rds-data:*", delayMs: 600_000 }]);
    const first = await timed(posts, hands, () => post({ photo }));
    await setFaults(cloud, []);
    await eventually(async () => ((await today(photo)) === posts + 1 ? true : undefined), 300_000);

    await mostViewed();
    await quiet();
    const cached = await timed(reads, 1, () => mostViewed(), pauseMs);
    await setCache(cloud, "down");
    await mostViewed();
    const uncached = await timed(reads, 1, () => mostViewed(), pauseMs);
    await setCache(cloud, "up");
    const statement = await statementOf(cloud);
    await timed(20, 1, statement);
    const trips = await timed(reads, 1, statement);

    return {
      title: "Counting views",
      method:
        `\`POST /views\` of API Gateway straight into SQS, ${posts} posts by ${hands} clients at once, while the consumer stands still; without a peer, since routes with functions are throttled far below. ` +
        `Then ${reads} reads by one client, at most ${1000 / pauseMs} a second: the most viewed list out of the cache, with the cache down ` +
        "(the peer: what it takes without one), and one statement through the Data API. In the local cloud of the stack `dev`.",
      rows: [
        { figure: "posts taken", measured: perSecond(first) },
        { figure: "time of a post", measured: quantiles(first.times) },
        { figure: "most viewed list", measured: quantiles(cached.times), peer: quantiles(uncached.times) },
        { figure: "SQL round trip", measured: quantiles(trips.times) },
      ],
    };
  } finally {
    await cloud.stop();
  }
}

interface Timed {
  readonly seconds: number;
  /** In milliseconds, of those that were answered well. */
  readonly times: readonly number[];
}

/** Asks so often, by so many at once; whoever is told to wait asks again, and the time goes on. */
async function timed(
  count: number,
  clients: number,
  work: () => Promise<unknown>,
  pauseMs = 0,
): Promise<Timed> {
  const times: number[] = [];
  const start = performance.now();
  let begun = 0;
  const client = async () => {
    while (begun < count) {
      begun += 1;
      const asked = performance.now();
      while (!isTaken(await work())) {}
      times.push(performance.now() - asked);
      await delay(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { seconds: (performance.now() - start) / 1000, times };
}

function isTaken(answer: unknown): boolean {
  const { status = 200 } = answer as { status?: number };
  return status < 300;
}

const setCache = (cloud: RunningCloud, mode: string) =>
  ask(`${cloud.address}/_gallery/cache`, { method: "PUT", body: { mode } });

async function statementOf(cloud: RunningCloud): Promise<() => Promise<unknown>> {
  const { DBClusters: [cluster] = [] } = await new RDSClient(deployer(cloud)).send(
    new DescribeDBClustersCommand({}),
  );
  const data = new RDSDataClient(deployer(cloud));
  return () =>
    data.send(
      new ExecuteStatementCommand({
        resourceArn: cluster?.DBClusterArn,
        secretArn: cluster?.MasterUserSecret?.SecretArn,
        database: cluster?.DatabaseName,
        sql: "SELECT 1",
      }),
    );
}

const perSecond = ({ times, seconds }: Timed) => `${Math.round(times.length / seconds)} /s`;

/** Such as `median 4.1 ms, p99 7.2 ms`. */
function quantiles(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
