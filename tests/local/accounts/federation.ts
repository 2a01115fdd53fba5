import { createHash, randomBytes } from "node:crypto";
import { eventually, type RunningCloud } from "../local-cloud";
import { ask, mailsTo } from "./people";

const callback = "http://localhost:3000/signed-in";

/** A browser that follows redirects and keeps cookies, each at its origin. */
function browser() {
  const jars = new Map<string, Map<string, string>>();
  return async function visit(
    url: string,
    form?: Record<string, string>,
  ): Promise<{ url: string; page: string }> {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const response = await fetch(url, {
      redirect: "manual",
      method: form ? "POST" : "GET",
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
      body: form && new URLSearchParams(form),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    const location = response.headers.get("location");
    if (location === null) {
      return { url, page: await response.text() };
    }
    const next = new URL(location, url).href;
    return next.startsWith(callback) ? { url: next, page: "" } : visit(next);
  };
}

export function federation(cloud: () => RunningCloud): void {
  test("leads by the pool's own page, the provider and back to tokens, with PKCE, and makes a profile", async () => {
    const { address, outputs } = cloud();
    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      client_id: outputs.userPoolClientId ?? "",
      response_type: "code",
      scope: "openid email profile aws.cognito.signin.user.admin",
      redirect_uri: callback,
      identity_provider: "OpenID",
      state: "where-I-was",
      code_challenge_method: "S256",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    });
    const visit = browser();

    const page = await visit(`${address}/oauth2/authorize?${query}`);
    const [, action = ""] = /<form method="post" action="([^"]+)"/.exec(page.page) ?? [];
    const { url } = await visit(new URL(action, page.url).href, {
      email: "joe@elsewhere.example",
      name: "Joe",
    });
    const returned = new URL(url).searchParams;
    expect(returned.get("state")).toBe("where-I-was");
    const exchange = (code_verifier: string) =>
      fetch(`${address}/oauth2/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: outputs.userPoolClientId ?? "",
          redirect_uri: callback,
          code: returned.get("code") ?? "",
          code_verifier,
        }),
      });
    const tokens = (await (await exchange(verifier)).json()) as { access_token: string };

    expect(await ask(`${outputs.usersUrl}profile`, { token: tokens.access_token })).toMatchObject({
      status: 200,
      body: { email: "joe@elsewhere.example", name: "Joe" },
    });
    await eventually(async () =>
      (await mailsTo(cloud(), "joe@elsewhere.example")).some(
        ({ Subject }) => Subject === "Welcome to Gallery",
      )
        ? true
        : undefined,
    );
    expect((await exchange("another-verifier")).status).toBe(400);
  });
}
