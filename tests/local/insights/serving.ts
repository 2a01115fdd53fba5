import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetUsagePlansCommand,
} from "@aws-sdk/client-api-gateway";
import { InvokeCommand, LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { accessOf, admin, signedUp } from "../accounts/people";
import { deployer, galleryClient, itemsOf, recorded, setFaults } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import { signUp } from "../sign-in";
import { publishPhotos } from "./counting";
import { ask, insightsClient } from "./views";

const setCache = (cloud: RunningCloud, mode: "up" | "down" | "hang" | "garbage") =>
  ask(`${cloud.address}/_gallery/cache`, { method: "PUT", body: { mode } });

/** Runs a function as a schedule would at a time. */
async function runSchedule(cloud: RunningCloud, name: string, at = new Date()): Promise<void> {
  const lambda = new LambdaClient(deployer(cloud));
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) {
    const found = Functions.find(
      ({ FunctionName = "" }) => FunctionName.replace(/-[\da-f]{7}$/, "") === name,
    );
    if (found) {
      const event = {
        source: "aws.scheduler",
        "detail-type": "Scheduled Event",
        time: at.toISOString(),
        detail: {},
      };
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ FunctionName: found.FunctionName, Payload: Buffer.from(JSON.stringify(event)) }),
      );
      expect([FunctionError, Buffer.from(Payload ?? []).toString()]).toEqual([undefined, "null"]);
      return;
    }
  }
  throw new Error(`There is no function ${name}.`);
}

export function serving(running: () => RunningCloud): void {
  let photos: string[];
  beforeAll(async () => {
    photos = await publishPhotos(running(), ["seen", "unseen"]);
    const { post, today } = insightsClient(running());
    const [seen = ""] = photos;
    await post({ photo: seen });
    await eventually(async () => ((await today(seen)) === 1 ? true : undefined));
  });
  afterEach(async () => {
    await setCache(running(), "up");
    await setFaults(running(), []);
  });

  test("the most viewed list is made once, and then served from the cache over TLS", async () => {
    const { mostViewed } = insightsClient(running());
    const reads = () =>
      recorded(running(), /^insights-api-list-most-viewed-/, "rds-data:ExecuteStatement").length;

    const isCached = async () => {
      const before = reads();
      expect((await mostViewed("?days=30")).status).toBe(200);
      return reads() === before;
    };

    // A container's first connection may take longer than it waits for one.
    await eventually(async () => ((await isCached()) ? true : undefined));
    const before = reads();
    const again: Awaited<ReturnType<typeof mostViewed>>[] = [];
    for (let call = 0; call < 20; call += 1) {
      again.push(await mostViewed("?days=30&limit=50"));
    }

    expect(again.map(({ status }) => status)).toEqual(again.map(() => 200));
    expect(new Set(again.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(again[0]?.body.photos.map(({ title }) => title)).not.toContain("unseen");
    expect(reads()).toBe(before);
  });

  test.each(["down", "hang", "garbage"] as const)(
    "a cache that is in the state '%s' costs no answer",
    async (mode) => {
      const { mostViewed } = insightsClient(running());
      await setCache(running(), mode);

      const answers = await Promise.all(Array.from({ length: 5 }, () => mostViewed("?days=7")));

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(answers[0]?.body.photos.length).toBeGreaterThan(0);
    },
  );

  test("a database that resumes is waited for; one that does not come up is a clear 503", async () => {
    const { days } = insightsClient(running());
    const [photo = ""] = photos;
    const resuming = {
      caller: "insights-api-read-photo-views-*",
      action: "rds-data:*",
      status: 400,
      error: "DatabaseResumingException",
    };

    await setFaults(running(), [{ ...resuming, times: 3 }]);
    expect((await days(photo)).status).toBe(200);

    await setFaults(running(), [resuming]);
    const { status, headers, body } = await days(photo);
    expect([status, headers["retry-after"]]).toEqual([503, "15"]);
    expect(JSON.stringify(body)).not.toMatch(/Database|rds|fault/i);
  });

  test("partners read with a key of a usage plan, and nobody without", async () => {
    const { partner } = insightsClient(running());
    const gateway = new APIGatewayClient(deployer(running()));
    const { items = [] } = await gateway.send(new GetUsagePlansCommand({}));
    const usagePlanId = items.find(({ name = "" }) => name.startsWith("insights-views-api-partners"))?.id;
    const { id: keyId, value } = await gateway.send(
      new CreateApiKeyCommand({ name: "press", enabled: true }),
    );
    await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: "API_KEY" }));

    expect((await partner(undefined)).status).toBe(403);
    expect((await partner("wrong")).status).toBe(403);
    expect((await partner(value)).status).toBe(200);
    expect((await partner(value, "?days=2")).status).toBe(400);
    await gateway.send(new DeleteApiKeyCommand({ apiKey: keyId }));
    await eventually(async () => ((await partner(value)).status === 403 ? true : undefined));
  });

  test("an administrator gets all views as CSV behind a link; others get none", async () => {
    const url = `${running().outputs.insightsUrl}reports`;
    const token = accessOf(await admin(running(), "analyst@gallery.example"));
    const other = accessOf(await signedUp(running(), "curious@gallery.example"));
    const today = new Date().toISOString().slice(0, 10);
    const period = { from: today, to: today };
    const as = (bearer?: string, body: unknown = period) =>
      ask<{ url: string; rows: number }>(url, {
        method: "POST",
        body,
        headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
      });

    expect((await as()).status).toBe(401);
    expect((await as(other)).status).toBe(403);
    expect((await as(token, { from: "2026-02-30", to: today })).status).toBe(400);
    expect((await as(token, { from: today, to: "2020-01-01" })).status).toBe(400);
    const { status, body } = await as(token);

    expect(status).toBe(201);
    const [head, ...rows] = (await (await fetch(body.url)).text()).trimEnd().split("\r\n");
    expect(head).toBe("day,photo,title,owner,views");
    expect(rows).toHaveLength(body.rows);
    expect(rows.find((row) => row.includes(`${photos[0]}`))).toMatch(
      new RegExp(`^${today},${photos[0]},seen,[^,]+,1$`),
    );
    expect((await fetch(body.url.replace(/X-Amz-Signature=./, "X-Amz-Signature=0"))).status).toBe(403);
  });

  test("a photo that is removed has no views any more", async () => {
    const { post, today, days } = insightsClient(running());
    const { address, outputs } = running();
    const user = await signUp(address, outputs.userPoolClientId ?? "", "leaver@gallery.example");
    const photo = await galleryClient(running(), user).publish("gone");
    await eventually(async () => ((await days(photo)).status === 200 ? true : undefined));
    await post({ photo });
    await eventually(async () => ((await today(photo)) === 1 ? true : undefined));

    await ask(`${outputs.photosUrl}photos/${photo}`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${user.access}` },
    });

    await eventually(async () => ((await days(photo)).status === 404 ? true : undefined));
    await post({ photo });
    expect((await days("00000000-0000-4000-8000-000000000000")).status).toBe(404);
  });

  test("the night's roll-up changes no count, and the week's digest becomes one campaign", async () => {
    const { today } = insightsClient(running());
    const [seen = ""] = photos;
    const digests = async () =>
      (await itemsOf<{ createdBy: string; subject: string; text: string }>(running(), "campaigns")).filter(
        ({ createdBy }) => createdBy === "gallery",
      );

    await runSchedule(running(), "gallery-insights-roll-up");
    expect(await today(seen)).toBe(1);
    // Then this week is over.
    const nextWeek = new Date(Date.now() + 7 * 86_400_000);
    await runSchedule(running(), "gallery-insights-digest", nextWeek);
    await runSchedule(running(), "gallery-insights-digest", nextWeek);
    await eventually(async () => ((await digests()).length > 0 ? true : undefined));

    expect(await digests()).toMatchObject([{ subject: expect.stringMatching(/week \d{4}-W\d\d$/) }]);
  });
}
