import { itemsOf } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import { accessOf, ask, signedUp, signIn, subOf } from "./people";

export function erasure(cloud: () => RunningCloud): void {
  test("is gone from every service, and nobody signs in to it again", async () => {
    const { outputs } = cloud();
    const email = "kim@reader.example";
    const session = await signedUp(cloud(), email, { newsletter: "true" });
    const [token, user] = [accessOf(session), subOf(session)];
    for (const title of ["One", "Two"]) {
      await ask(`${outputs.photosUrl}photos`, { token, body: { title } });
    }
    const recipient = async () =>
      (await itemsOf<{ user: string; email?: string }>(cloud(), "campaigns-recipients")).find(
        (item) => item.user === user,
      );
    await eventually(async () => ((await recipient())?.email === email ? true : undefined));

    expect((await ask(`${outputs.usersUrl}account`, { token, method: "DELETE" })).status).toBe(202);
    // Asked again, because the answer was lost.
    expect((await ask(`${outputs.usersUrl}account`, { token, method: "DELETE" })).status).toBe(202);

    const photosOf = async () =>
      (await ask<{ photos: unknown[] }>(`${outputs.photosUrl}photos?owner=${user}`)).body.photos;
    await eventually(async () => ((await photosOf()).length === 0 ? true : undefined));
    await eventually(async () => ((await recipient())?.email === undefined ? true : undefined));
    await eventually(async () =>
      (await itemsOf<{ user: string }>(cloud(), "users-profiles")).some((item) => item.user === user)
        ? undefined
        : true,
    );
    await expect(signIn(cloud(), email)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  });
}
