import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { PhotoEvent } from "../../../handlers/photos/events";
import type { RecordedCall } from "../../../local/front-door/record";
import { eventually, type RunningCloud } from "../local-cloud";
import { signIn, signUp, type Tokens } from "../sign-in";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the API answered, of which each test looks at its own part. */
  readonly body: {
    readonly id: string;
    readonly photos: readonly { id: string }[];
    readonly cursor?: string;
  };
}

export function photos(cloud: () => RunningCloud): void {
  let ann: Tokens;
  let bob: Tokens;
  beforeAll(async () => {
    const { address, outputs, users } = cloud();
    const [demo] = users;
    const { userPoolClientId = "" } = outputs;
    ann = await signUp(address, userPoolClientId, "ann@gallery.example");
    bob = await signIn(address, userPoolClientId, demo?.username ?? "", demo?.password ?? "");
  });

  async function api(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers = {},
  ): Promise<Answer> {
    const response = await fetch(`${cloud().outputs.photosUrl}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined || typeof body === "string" ? (body as string) : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }

  const publish = async (user: Tokens, title: string) =>
    (await api("POST", "photos", user.access, { title })).body;

  /** Events that the subscriber `journal` has logged about a photo. */
  async function journal(id: string): Promise<{ type: string; detail: PhotoEvent }[]> {
    const logs = new CloudWatchLogsClient({
      endpoint: cloud().address,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: "/gallery/dev/gallery-journal" }),
    );
    return (
      events
        .flatMap(({ message = "" }) => /\{"journal":.*\}/.exec(message)?.[0] ?? [])
        .map((line) => JSON.parse(line).journal)
        // Events about people are logged without detail.
        .filter(({ detail }) => detail?.id === id)
    );
  }

  describe("a photo's life", () => {
    test("is published, read, changed and removed, and the bus hears of each", async () => {
      const published = await api("POST", "photos", ann.access, { title: "Dunes", tags: ["Sand"] });
      const { id } = published.body;
      expect(published).toMatchObject({
        status: 201,
        body: { owner: ann.sub, title: "Dunes", tags: ["sand"], version: 1 },
      });
      expect(published.headers.get("location")).toBe(`photos/${id}`);

      const changed = await api("PATCH", `photos/${id}`, ann.access, { version: 1, title: "High dunes" });
      expect(changed).toMatchObject({ status: 200, body: { title: "High dunes", version: 2 } });
      expect((await api("GET", `photos/${id}`)).body).toEqual(changed.body);

      expect((await api("DELETE", `photos/${id}`, ann.access)).status).toBe(204);
      expect((await api("GET", `photos/${id}`)).status).toBe(404);

      const events = await eventually(async () => {
        const found = await journal(id);
        return found.length >= 3 ? found : undefined;
      });
      expect(events.map(({ type, detail: { version } }) => `${type} ${version}`).sort()).toEqual([
        "photo.changed 2",
        "photo.published 1",
        "photo.removed 2",
      ]);
      expect(new Set(events.map(({ detail }) => detail.changeId)).size).toBe(3);
    });

    test("a request repeated with its idempotency key publishes one photo", async () => {
      const headers = { "idempotency-key": "one-and-only" };
      const [first, second] = await Promise.all(
        [1, 2].map(() => api("POST", "photos", ann.access, { title: "Once" }, headers)),
      );

      expect(first?.status).toBe(201);
      expect(second?.body).toEqual(first?.body);
    });

    test("of two changes made on one version, one is a conflict", async () => {
      const { id } = await publish(ann, "Contended");

      const answers = await Promise.all(
        ["Left", "Right"].map((title) => api("PATCH", `photos/${id}`, ann.access, { version: 1, title })),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    });
  });

  describe("lists", () => {
    test("give every photo once, newest first, page by page", async () => {
      const ids: string[] = [];
      for (let n = 0; n < 7; n++) {
        ids.push((await publish(bob, `Page ${n}`)).id);
      }

      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ owner: bob.sub, limit: "3", ...(cursor ? { cursor } : {}) });
        const { status, body } = await api("GET", `photos?${query}`);
        expect(status).toBe(200);
        expect(body.photos.length).toBeLessThanOrEqual(3);
        seen.push(...body.photos.map((photo: { id: string }) => photo.id));
        cursor = body.cursor;
      } while (cursor !== undefined);

      expect(seen).toEqual(ids.reverse());
    });

    test("refuse a cursor that was tampered with, and limits out of range", async () => {
      await publish(bob, "One");
      await publish(bob, "Two");
      const { cursor = "" } = (await api("GET", "photos?limit=1")).body;

      const tampered = (cursor[0] === "A" ? "B" : "A") + cursor.slice(1);

      expect((await api("GET", `photos?cursor=${tampered}`)).status).toBe(400);
      expect((await api("GET", "photos?limit=0")).status).toBe(400);
      expect((await api("GET", "photos?limit=lots")).status).toBe(400);
      expect((await api("GET", "photos?unknown=1")).status).toBe(400);
    });
  });

  describe("who may", () => {
    test("401 without a token, with a forged and an expired one, 403 with an id token", async () => {
      const [head, claims, signature] = ann.access.split(".");
      const claimsOf = (change: object) =>
        Buffer.from(
          JSON.stringify({ ...JSON.parse(Buffer.from(claims ?? "", "base64url").toString()), ...change }),
        ).toString("base64url");
      const tokens = {
        none: undefined,
        forged: [head, claimsOf({ sub: bob.sub }), signature].join("."),
        expired: [head, claimsOf({ exp: 1 }), signature].join("."),
        unsigned: `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`,
        id: ann.id,
      };

      const statuses = Object.fromEntries(
        await Promise.all(
          Object.entries(tokens).map(async ([name, token]) => [
            name,
            (await api("POST", "photos", token, { title: "x" })).status,
          ]),
        ),
      );

      expect(statuses).toEqual({ none: 401, forged: 401, expired: 401, unsigned: 401, id: 403 });
    });

    test("403 for another's photo, which stays as it is", async () => {
      const photo = await publish(ann, "Mine");

      expect(
        (await api("PATCH", `photos/${photo.id}`, bob.access, { version: 1, title: "Ours" })).status,
      ).toBe(403);
      expect((await api("DELETE", `photos/${photo.id}`, bob.access)).status).toBe(403);
      expect((await api("GET", `photos/${photo.id}`)).body).toEqual(photo);
    });
  });

  describe("bad input is told what is wrong with it", () => {
    test.each([
      ["malformed JSON", "{", {}, 400],
      ["a wrong type", { title: 1 }, {}, 400],
      ["an unknown field", { title: "a", admin: true }, {}, 400],
      ["too long a body", { title: "a", description: "x".repeat(70_000) }, {}, 413],
      ["another content type", "title=a", { "content-type": "text/plain" }, 415],
    ])("%s", async (_, body, headers, expected) => {
      const {
        status,
        headers: answered,
        body: problem,
      } = await api("POST", "photos", ann.access, body, headers);

      expect(status).toBe(expected);
      expect(answered.get("content-type")).toBe("application/problem+json");
      expect(problem).toMatchObject({ status: expected, detail: expect.any(String) });
    });

    test("a huge body is refused before it reaches a function", async () => {
      const { status, body } = await api("POST", "photos", ann.access, "x".repeat(11 * 1024 * 1024));

      expect({ status, body }).toEqual({ status: 413, body: { message: "Request Entity Too Large" } });
    });
  });

  test("the front door's record shows that each function called just what it is granted", async () => {
    const { id } = await publish(ann, "Recorded");
    await api("PATCH", `photos/${id}`, ann.access, { version: 1, title: "Changed" });
    await api("GET", `photos/${id}`);
    await api("GET", `photos?owner=${ann.sub}`);
    await api("GET", "photos");
    await api("DELETE", `photos/${id}`, ann.access);
    await eventually(async () => ((await journal(id)).length >= 3 ? true : undefined));

    const response = await fetch(`${cloud().address}/_gallery/calls?kind=aws&caller=photos-*&limit=10000`);
    const { calls } = (await response.json()) as { calls: RecordedCall[] };
    const made = new Set(
      calls.map(
        ({ caller, action, resource }) =>
          `${caller.replace(/-[0-9a-f]{7}$/, "")} ${action} ${resource
            .split("/")
            .slice(1)
            .join("/")
            .replace(/-[0-9a-f]{7}/, "")}`,
      ),
    );

    expect([...made].sort()).toEqual([
      "photos-announce events:PutEvents gallery",
      "photos-api-change-photo dynamodb:UpdateItem photos",
      "photos-api-list-photos dynamodb:Query photos/index/byOwner",
      "photos-api-list-photos dynamodb:Query photos/index/byTime",
      "photos-api-publish-photo dynamodb:PutItem photos",
      "photos-api-read-photo dynamodb:GetItem photos",
      "photos-api-remove-photo dynamodb:DeleteItem photos",
    ]);
    expect(calls.filter(({ error }) => error?.startsWith("AccessDenied"))).toEqual([]);
  });
}
