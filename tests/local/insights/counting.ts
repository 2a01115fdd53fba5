import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { depths, galleryClient, recorded, setFaults } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import { descendants } from "../processes";
import { signUp } from "../sign-in";
import { flood, insightsClient } from "./views";

const floodViews = 20_000;
const floodPhotos = 7;
const attacks = [
  "'; DROP TABLE views; --",
  "1' OR '1'='1",
  "$$; DELETE FROM photos; $$",
  ":p1",
  'Robert"); --',
  "%27%20OR%201=1",
  "{{7*7}} $util.qr($context) #set($x=1)",
];

/** Processes that run a function whose name begins so. */
function workersOf(cloud: RunningCloud, name: string): number[] {
  return descendants(cloud.process.pid ?? 0)
    .map(({ pid }) => pid)
    .filter((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/environ`, "utf8").includes(`AWS_LAMBDA_FUNCTION_NAME=${name}-`);
      } catch {
        return false;
      }
    });
}

/** Publishes photos and waits until `insights` has heard of each. */
export async function publishPhotos(cloud: RunningCloud, titles: readonly string[]): Promise<string[]> {
  const user = await signUp(
    cloud.address,
    cloud.outputs.userPoolClientId ?? "",
    `${randomUUID()}@example.com`,
  );
  const { publish } = galleryClient(cloud, user);
  const ids = await Promise.all(titles.map((title) => publish(title)));
  const { days } = insightsClient(cloud);
  for (const id of ids) {
    await eventually(async () => ((await days(id)).status === 200 ? true : undefined));
  }
  return ids;
}

export function counting(running: () => RunningCloud): void {
  test("a view is taken without a function in front, and counted once however often it is posted", async () => {
    const { post, today } = insightsClient(running());
    const [photo = ""] = await publishPhotos(running(), ["counted"]);
    const id = randomUUID();

    const answers = await Promise.all([
      post({ photo }),
      post({ photo }),
      ...Array.from({ length: 5 }, () => post({ photo, id })),
    ]);

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(7);
    await eventually(async () => ((await today(photo)) === 3 ? true : undefined));
    // Straight from the API into the queue: no function's call is between.
    expect(recorded(running(), /^insights-views-api/, "sqs:SendMessage")).toEqual([]);
  });

  test("what is no view is refused before anything is stored, with what is wrong", async () => {
    const { post } = insightsClient(running());
    const photo = randomUUID();
    const bad: unknown[] = [
      {},
      [],
      "null",
      { photo: "x" },
      { photo, more: 1 },
      { photo: [photo] },
      { photo, id: 7 },
      "{",
      ...attacks.flatMap((attack) => [{ photo: attack }, { photo, id: attack }, { photo, [attack]: attack }]),
    ];

    for (const body of bad) {
      const { status, body: answer } = await post(body);
      expect([body, status]).toEqual([body, 400]);
      expect(answer.detail).toBeTruthy();
    }
    expect((await post({ photo }, { "content-type": "text/plain" })).status).toBe(415);
    expect((await post(JSON.stringify({ photo, id: "x".repeat(2_000_000) }))).status).toBeGreaterThanOrEqual(
      400,
    );

    const [queue] = Object.values(await depths(running(), "insights-views-"));
    expect(queue).toMatchObject({ visible: 0, hidden: 0 });
    const { "insights-views-failed": failed } = await depths(running(), "insights-views-failed");
    expect(failed).toMatchObject({ visible: 0 });
  });

  test("titles that would be SQL, a formula or script are text", async () => {
    const titles = [...attacks, "=1+1", "<script>alert(1)</script>"];
    const ids = await publishPhotos(running(), titles);
    const { post, today, days } = insightsClient(running());

    await Promise.all(ids.map((photo) => post({ photo })));
    for (const id of ids) {
      await eventually(async () => ((await today(id)) === 1 ? true : undefined));
    }
    for (const attack of attacks) {
      expect((await days(encodeURIComponent(attack))).status).toBe(400);
      expect((await days(ids[0] ?? "", `?days=${encodeURIComponent(attack)}`)).status).toBe(400);
    }
  });

  test("20,000 views at full speed, with a consumer that is slow and killed twice, are counted exactly", async () => {
    const cloud = running();
    const photos = await publishPhotos(
      cloud,
      Array.from({ length: floodPhotos }, (_, i) => `flooded ${i}`),
    );
    const { today } = insightsClient(cloud);
    let killed = 0;
    const kill = () => {
      const workers = workersOf(cloud, "insights-views");
      for (const pid of workers) {
        process.kill(pid, "SIGKILL");
      }
      killed += workers.length > 0 ? 1 : 0;
    };

    await setFaults(cloud, [{ caller: "insights-views-*", action: "rds-data:*", delayMs: 700 }]);
    await flood(cloud, photos, floodViews, 32, (posted) => {
      if (posted === floodViews / 4 || posted === floodViews / 2) {
        kill();
      }
    });
    while (killed < 2) {
      kill();
      await new Promise(setImmediate);
    }
    await setFaults(cloud, []);

    for (const [i, photo] of photos.entries()) {
      const expected = Math.floor(floodViews / floodPhotos) + (i < floodViews % floodPhotos ? 1 : 0);
      await eventually(async () => ((await today(photo)) === expected ? true : undefined), 240_000);
    }
    const [queue] = Object.values(await depths(cloud, "insights-views-"));
    expect(queue).toMatchObject({ visible: 0 });
    expect((await depths(cloud, "insights-views-failed"))["insights-views-failed"]).toMatchObject({
      visible: 0,
    });
  }, 420_000);
}
