import { createHmac, randomUUID } from "node:crypto";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { deployer, itemsOf } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import { accessOf, admin, ask, signedUp, standIn } from "./people";

export function webhooks(cloud: () => RunningCloud): void {
  const at = (path: string) => `${cloud().outputs.campaignsUrl}${path}`;

  async function signer() {
    const client = new SecretsManagerClient(deployer(cloud()));
    const { SecretString = "" } = await client.send(
      new GetSecretValueCommand({ SecretId: "gallery/dev/mail-signing" }),
    );
    return (body: string, seconds: number) =>
      `t=${seconds},v1=${createHmac("sha256", SecretString).update(`${seconds}.${body}`).digest("hex")}`;
  }

  test("are refused unsigned, forged, old, replayed, or for a campaign that is not known", async () => {
    const token = accessOf(await admin(cloud(), "hook@gallery.example"));
    await signedUp(cloud(), "ned@reader.example", { newsletter: "true" });
    await eventually(async () =>
      (await itemsOf<{ email?: string }>(cloud(), "campaigns-recipients")).some(
        ({ email }) => email === "ned@reader.example",
      )
        ? true
        : undefined,
    );
    const { body: campaign } = await ask<{ id: string }>(at("campaigns"), {
      token,
      body: { subject: "For the webhooks", text: "To whoever has subscribed." },
    });
    const sign = await signer();
    const report = JSON.stringify({
      delivery: randomUUID(),
      campaign: "unheard-of",
      status: "success",
      sequence: 1,
      at: new Date().toISOString(),
    });
    const now = Math.floor(Date.now() / 1000);
    const deliver = (id: string, body: string, signature?: string) =>
      ask(at(`webhooks/mail/${id}`), {
        body,
        headers: signature === undefined ? {} : { "mail-signature": signature },
      });

    expect((await deliver(campaign.id, report)).status).toBe(401);
    expect((await deliver(campaign.id, report, sign(report.replace("success", "failed"), now))).status).toBe(
      401,
    );
    expect((await deliver(campaign.id, report, sign(report, now - 3600))).status).toBe(401);
    expect((await deliver(campaign.id, report, `t=${now},v1=${"0".repeat(64)}`)).status).toBe(401);
    expect((await deliver(randomUUID(), report, sign(report, now))).status).toBe(404);
    await eventually(async () => {
      const { body } = await ask<{ status: string }>(at(`campaigns/${campaign.id}`), { token });
      return body.status === "success" ? true : undefined;
    });
    expect((await deliver(campaign.id, report, sign(report, now))).status).toBe(404);
    const { body: accepted } = await ask<{ campaigns: { id: string; subject: string }[] }>(
      `${standIn(cloud(), "mail")}/stand-in/campaigns`,
    );
    const mailId = accepted.campaigns.find(({ subject }) => subject === "For the webhooks")?.id ?? "";
    const late = report.replace("unheard-of", mailId);
    // The campaign is over: the report changes nothing, and its signature is good for one time.
    expect((await deliver(campaign.id, late, sign(late, now))).status).toBe(200);
    expect((await deliver(campaign.id, late, sign(late, now))).status).toBe(409);
  });
}
