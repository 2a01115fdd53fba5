import { itemsOf } from "../gallery-client";
import type { RunningCloud } from "../local-cloud";
import { accessOf, admin, ask, signedUp, subOf } from "./people";

export function partners(cloud: () => RunningCloud): void {
  const at = (path: string) => `${cloud().outputs.usersUrl}${path}`;

  test("read public profiles with a key that is kept nowhere, and nobody else does", async () => {
    const token = accessOf(await admin(cloud(), "chief@gallery.example"));
    const user = await signedUp(cloud(), "ida@reader.example");
    const added = await ask<{ id: string; key: string }>(at("partners"), {
      token,
      body: { name: "Prints Ltd" },
    });
    const { id, key } = added.body;
    const profile = (headers: Record<string, string>) =>
      ask(at(`partner/profiles/${subOf(user)}`), { headers });

    expect(added.status).toBe(201);
    expect(await profile({ "x-api-key": key })).toEqual({
      status: 200,
      body: { user: subOf(user), name: "Ann", about: "" },
    });
    expect((await profile({})).status).toBe(401);
    expect(
      (await profile({ "x-api-key": `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}` })).status,
    ).toBe(403);
    expect((await profile({ "x-api-key": "nonsense" })).status).toBe(403);
    expect((await profile({ authorization: `Bearer ${accessOf(user)}` })).status).toBe(401);

    const stored = JSON.stringify(await itemsOf(cloud(), "users-partners"));
    expect(stored).toContain(id);
    expect(stored).not.toContain(key);
    expect((await ask(at("partners"), { token: accessOf(user), body: { name: "Me" } })).status).toBe(403);
    expect((await ask<{ partners: unknown[] }>(at("partners"), { token })).body.partners).toEqual([
      expect.objectContaining({ id, name: "Prints Ltd" }),
    ]);
    expect((await ask(at(`partners/${id}`), { token, method: "DELETE" })).status).toBe(204);
    expect((await ask<{ partners: unknown[] }>(at("partners"), { token })).body.partners).toEqual([]);
  });
}
