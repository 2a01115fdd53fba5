import { BatchWriteItemCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  DescribeSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { marshall } from "@aws-sdk/util-dynamodb";
import { deployer, itemsOf, openSocket } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import { accessOf, admin, ask, signedUp, standIn } from "./people";

interface Campaign {
  readonly id: string;
  readonly status: string;
  readonly recipients?: number;
  readonly sequence: number;
}
interface Sent {
  readonly subject: string;
  readonly recipients: number;
  readonly deliveries: readonly { readonly lost?: boolean }[];
}

const many = 500;

export function campaigns(cloud: () => RunningCloud): void {
  const at = (path: string) => `${cloud().outputs.campaignsUrl}${path}`;
  let token: string;
  beforeAll(async () => {
    token = accessOf(await admin(cloud(), "editor@gallery.example"));
    await signedUp(cloud(), "lea@reader.example", { newsletter: "true" });
    await subscribers(1);
  });

  const subscribed = async () =>
    (await itemsOf<{ subscribed?: boolean; lastCampaign?: string }>(cloud(), "campaigns-recipients")).filter(
      (item) => item.subscribed,
    );
  const subscribers = (count: number) =>
    eventually(async () => ((await subscribed()).length >= count ? true : undefined), 240_000);
  const behave = (behaviour: object) =>
    ask(`${standIn(cloud(), "mail")}/stand-in/behaviour`, { method: "PUT", body: behaviour });
  const start = async (subject: string) =>
    (await ask<Campaign>(at("campaigns"), { token, body: { subject, text: "Hello.\n\nThere is news." } }))
      .body;
  const ended = (id: string, within = 120_000) =>
    eventually(async () => {
      const { body } = await ask<Campaign>(at(`campaigns/${id}`), { token });
      return ["starting", "pending"].includes(body.status) ? undefined : body;
    }, within);
  const sent = async () =>
    (await ask<{ campaigns: Sent[] }>(`${standIn(cloud(), "mail")}/stand-in/campaigns`)).body.campaigns;

  test("are for administrators alone, and checked", async () => {
    const user = accessOf(await signedUp(cloud(), "max@reader.example"));

    expect((await ask(at("campaigns"), { token: user })).status).toBe(403);
    expect((await ask(at("campaigns"), { token, body: { subject: "", text: "x" } })).status).toBe(400);
    expect((await ask(at("campaigns"), { token, body: { subject: "a\nb", text: "x" } })).status).toBe(400);
  });

  test("end as the mail service says, seen by the API and in the browser", async () => {
    const socket = await openSocket(`${cloud().outputs.liveUrl}?token=${token}`);
    const outcomes: Record<string, string> = {};
    for (const outcome of ["success", "archived", "failed"]) {
      await behave({ statuses: ["pending", outcome], delayMs: 300, loss: 0, duplication: 0 });
      const { id } = await start(`Ends as ${outcome}`);
      outcomes[outcome] = (await ended(id)).status;
      await eventually(async () =>
        socket.messages.some((message) => JSON.stringify(message).includes(`"status":"${outcome}"`))
          ? true
          : undefined,
      );
    }
    socket.socket.close();

    expect(outcomes).toEqual({ success: "success", archived: "archived", failed: "failed" });
  });

  test("go on through an outage of the mail service, and a rotation of the signing secret", async () => {
    const secrets = new SecretsManagerClient(deployer(cloud()));
    const SecretId = "gallery/dev/mail-signing";
    const currentOf = async () => {
      const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
      return Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes("AWSCURRENT"));
    };
    const before = await currentOf();
    await secrets.send(new RotateSecretCommand({ SecretId }));
    await eventually(async () => {
      const now = await currentOf();
      return now !== undefined && now !== before ? true : undefined;
    });
    await behave({ statuses: ["pending", "success"], delayMs: 300, loss: 0, duplication: 0 });
    await ask(`${standIn(cloud(), "mail")}/stand-in/faults`, { method: "PUT", body: { next: [503, 429] } });

    const { id } = await start("After the outage");

    expect(await ended(id)).toMatchObject({ status: "success", sequence: 2 });
    expect((await sent()).filter(({ subject }) => subject === "After the outage")).toHaveLength(1);
  });

  test("all end right though 30 % of the reports are lost and 30 % come twice", async () => {
    const expected = ["success", "archived", "failed", "success", "success", "archived", "success", "failed"];
    const started: string[] = [];
    for (const [index, outcome] of expected.entries()) {
      await behave({
        statuses: ["pending", "pending", outcome],
        delayMs: 400,
        loss: 0.3,
        duplication: 0.3,
        seed: index,
      });
      const { id } = await start(`Lossy ${index}`);
      started.push(id);
      // The seed is the campaign's once the mail service has it.
      await eventually(async () =>
        (await sent()).some(({ subject }) => subject === `Lossy ${index}`) ? true : undefined,
      );
    }

    expect((await Promise.all(started.map((id) => ended(id)))).map(({ status }) => status)).toEqual(expected);
    const reports = (await sent()).filter(({ subject }) => subject.startsWith("Lossy"));
    expect(JSON.stringify(reports)).toMatch(/lost/);
  }, 180_000);

  test(`reach ${many} users, each once, through pending and pending to success`, async () => {
    const client = new DynamoDBClient(deployer(cloud()));
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const table = TableNames.find((name) => name.startsWith("campaigns-recipients")) ?? "";
    const known = (await subscribed()).length;
    // As the service keeps those who have signed up: hundreds of sign-ups would show no more of a campaign.
    const others = Array.from({ length: many - known }, (_, index) => ({
      user: `reader-${index}`,
      email: `reader-${index}@reader.example`,
      name: `Reader ${index}`,
      subscribed: true,
      version: 1,
    }));
    for (let from = 0; from < others.length; from += 25) {
      const RequestItems = {
        [table]: others.slice(from, from + 25).map((item) => ({ PutRequest: { Item: marshall(item) } })),
      };
      await client.send(new BatchWriteItemCommand({ RequestItems }));
    }
    await subscribers(many);
    await behave({ statuses: ["pending", "pending", "success"], delayMs: 500, loss: 0, duplication: 0 });

    const { id } = await start("To all of you");

    expect(await ended(id)).toMatchObject({ status: "success", recipients: many, sequence: 3 });
    expect((await sent()).filter(({ subject }) => subject === "To all of you")).toMatchObject([
      { recipients: many },
    ]);
    expect((await subscribed()).filter(({ lastCampaign }) => lastCampaign === id)).toHaveLength(many);
  }, 300_000);
}
