import { randomUUID } from "node:crypto";
import { InvokeCommand, LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import type { S3Event } from "aws-lambda";
import type { PictureRecord } from "../../../handlers/media/picture-record";
import { type Pictures, pictures } from "../../pictures";
import { deployer, galleryClient, itemsOf, openSocket, recorded, sendForm } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import { signUp, type Tokens } from "../sign-in";

interface Shown {
  readonly state: string;
  readonly reason?: string;
  readonly renditions: readonly { name: string; width: number; height: number; url: string }[];
}

export function pictureLife(cloud: () => RunningCloud): void {
  let made: Pictures;
  let annTokens: Tokens;
  let ann: ReturnType<typeof galleryClient>;
  let bob: ReturnType<typeof galleryClient>;
  beforeAll(async () => {
    made = await pictures();
    const {
      address,
      outputs: { userPoolClientId = "" },
    } = cloud();
    annTokens = await signUp(address, userPoolClientId, "ann@pictures.example");
    ann = galleryClient(cloud(), annTokens);
    bob = galleryClient(cloud(), await signUp(address, userPoolClientId, "bob@pictures.example"));
  });
  afterAll(() => made?.close());

  const good = () => made.quarters(640, 480, ".jpg");

  async function upload(file: Uint8Array, title = "A picture", contentType?: string): Promise<string> {
    const photo = await ann.publish(title);
    expect((await sendForm(await ann.form(photo, contentType), file)).status).toBe(204);
    return photo;
  }

  const settled = (photo: string) =>
    eventually(async () => {
      const { status, body } = await ann.media<Shown>(`pictures/${photo}`);
      return status === 200 && body.state !== "processing" ? body : undefined;
    }, 60_000);

  async function functionNamed(name: string): Promise<string> {
    const client = new LambdaClient(deployer(cloud()));
    for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
      const found = Functions.find(
        ({ FunctionName = "" }) => FunctionName.replace(/-[\da-f]{7}$/, "") === name,
      );
      if (found?.FunctionName) {
        return found.FunctionName;
      }
    }
    throw new Error(`There is no function ${name}`);
  }

  async function invoke(name: string, event: unknown): Promise<string | undefined> {
    const { FunctionError } = await new LambdaClient(deployer(cloud())).send(
      new InvokeCommand({ FunctionName: await functionNamed(name), Payload: JSON.stringify(event) }),
    );
    return FunctionError;
  }

  describe("a picture", () => {
    test("becomes three renditions, upright and without metadata, and its owner's browsers follow it", async () => {
      const [one, two, other] = await Promise.all([ann.socket(), ann.socket(), bob.socket()]);

      const photo = await upload(made.fromCamera(2000, 1500), "Camera");
      const { state, renditions } = await settled(photo);

      expect(state).toBe("ready");
      expect(renditions.map(({ name, width, height }) => `${name} ${width}x${height}`)).toEqual([
        "print 1500x2000",
        "thumbnail 240x320",
        "web 1200x1600",
      ]);
      for (const { url } of renditions) {
        const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
        expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
        expect(/Exif|secret|GPS/.test(bytes.toString("latin1"))).toBe(false);
      }
      const of = (socket: typeof one) => socket.messages.filter((message) => message.photo === photo);
      await eventually(async () => (of(one).at(-1)?.state === "ready" ? true : undefined));
      await eventually(async () => (of(two).at(-1)?.state === "ready" ? true : undefined));
      expect(of(one)[0]?.state).toBe("processing");
      expect(of(other)).toEqual([]);
      const photoOf = async () =>
        (await ann.photos<{ picture?: Shown }>(`photos/${photo}`)).body.picture?.state;
      await eventually(async () => ((await photoOf()) === "ready" ? true : undefined));
      for (const { socket } of [one, two, other]) {
        socket.close();
      }
    });

    test("shows strangers its renditions for screens only, and is gone with its photo", async () => {
      const photo = await upload(good());
      await settled(photo);
      const shown = `${cloud().outputs.mediaUrl}users/${annTokens.sub}/pictures/${photo}`;

      const seen = (await (await fetch(shown)).json()) as Shown;
      expect(seen.renditions.map(({ name }) => name)).toEqual(["thumbnail", "web"]);
      expect((await bob.media(`pictures/${photo}`)).status).toBe(404);

      const removed = await fetch(`${cloud().outputs.photosUrl}photos/${photo}`, {
        method: "DELETE",
        headers: { authorization: `Bearer ${annTokens.access}` },
      });
      expect(removed.status).toBe(204);
      await eventually(async () => ((await fetch(shown)).status === 404 ? true : undefined));
      const { url = "" } = seen.renditions[0] ?? {};
      await eventually(async () => ((await fetch(url)).ok ? undefined : true));
    });

    test("is the later of two uploads, whose events may come in either order", async () => {
      const photo = await ann.publish("Twice");
      const earlier = await ann.form(photo);
      const later = await ann.form(photo);

      expect((await sendForm(later, made.quarters(400, 400, ".jpg"))).status).toBe(204);
      await settled(photo);
      expect((await sendForm(earlier, made.quarters(200, 200, ".jpg"))).status).toBe(204);
      await eventually(async () =>
        recorded(cloud(), /^media-pictures-start-/, "dynamodb:UpdateItem").some(({ error }) =>
          error?.startsWith("ConditionalCheckFailed"),
        )
          ? true
          : undefined,
      );

      const { renditions } = await settled(photo);
      expect(renditions.find(({ name }) => name === "print")?.width).toBe(400);
    });

    test("an event that is delivered five times has the effect of one", async () => {
      const photo = await upload(good());
      await settled(photo);
      const record = (await itemsOf<PictureRecord>(cloud(), "media")).find((one) => one.photo === photo);
      const sequencer = record?.revision.split("-")[1] ?? "";
      const key = record?.upload.replace(/[^/]+$/, `${"f".repeat(28)}`) ?? "";
      const event = {
        Records: [{ s3: { object: { key, eTag: record?.eTag, sequencer, size: 1 } } }],
      } as unknown as S3Event;
      const published = () => recorded(cloud(), /./, "sns:Publish").length;
      const before = published();

      const outcomes = [];
      for (let delivery = 0; delivery < 5; delivery++) {
        outcomes.push(await invoke("media-pictures-start", event));
      }

      expect(outcomes).toEqual(Array(5).fill(undefined));
      expect(published() - before).toBe(1);
    });
  });

  describe("what cannot become a picture fails with a reason that its owner sees", () => {
    test.each([
      ["text", () => Buffer.from("not a picture at all"), /not a JPEG, PNG or WebP/],
      ["half of a picture", () => good().subarray(0, good().length / 2), /damaged/],
      ["a decompression bomb", () => made.bomb(20_000, 20_000), /20000 × 20000 pixels/],
    ])("%s", async (_, file, reason) => {
      const socket = await ann.socket();

      const photo = await upload(file());

      expect(await settled(photo)).toMatchObject({ state: "failed", reason: expect.stringMatching(reason) });
      await eventually(async () =>
        socket.messages.find((told) => told.photo === photo && told.state === "failed"),
      );
      const pending = (await ann.media<{ pictures: { photo: string }[] }>("pictures")).body.pictures;
      expect(pending.map((picture) => picture.photo)).toContain(photo);
      // Nobody else is the worse for it.
      expect(await settled(await upload(good()))).toMatchObject({ state: "ready" });
      socket.socket.close();
    });

    test.each([
      ["a type that is none of a picture", { photo: randomUUID(), contentType: "application/pdf" }],
      ["no photo", { photo: "mine", contentType: "image/png" }],
    ])("no form for %s", async (_, body) => {
      expect((await ann.media("uploads", body)).status).toBe(400);
    });

    test.each([
      ["another's prefix", (key: string) => ({ key: key.replace(annTokens.sub, randomUUID()) }), 403],
      ["another type", () => ({ "Content-Type": "text/html" }), 403],
    ])("no upload with a form for %s", async (_, change, status) => {
      const form = await ann.form(await ann.publish("Forged"));

      const { key = "" } = form.fields;
      const answer = await sendForm({ ...form, fields: { ...form.fields, ...change(key) } }, good());

      expect(answer.status).toBe(status);
    });

    test("no upload of more than 20 MB", async () => {
      const form = await ann.form(await ann.publish("Large"));

      const answer = await sendForm(form, Buffer.alloc(20 * 1024 * 1024 + 1));

      expect({ status: answer.status, text: await answer.text() }).toEqual({
        status: 400,
        text: expect.stringContaining("EntityTooLarge"),
      });
    });
  });

  describe("a socket", () => {
    const claims = () => annTokens.access.split(".");
    test.each([
      ["no token", () => "", "401"],
      ["no token of the pool's", () => "?token=abc", "403"],
      ["a forged one", () => `?token=${[claims()[0], claims()[1], "AAAA"].join(".")}`, "403"],
      ["an id token", () => `?token=${annTokens.id}`, "403"],
    ])("does not open with %s", async (_, query, status) => {
      await expect(ann.socket(query())).rejects.toThrow(status);
    });

    test("answers what it does not understand with an error, and goes on", async () => {
      const { socket, messages } = await ann.socket();

      socket.send("{not json");
      socket.send(JSON.stringify({ action: "send", type: "sing" }));
      socket.send(JSON.stringify({ action: "send", type: "ping", padding: "x".repeat(20_000) }));
      socket.send(JSON.stringify({ action: "send", type: "ping" }));

      await eventually(async () => messages.find(({ type }) => type === "pong"));
      await eventually(async () =>
        messages.filter(({ type }) => type === "error").length === 3 ? true : undefined,
      );
      socket.close();
    });

    test("that comes back is told what it has missed", async () => {
      const photo = await upload(good(), "Missed");
      await settled(photo);
      // It hears of it by asking, since nobody told it.
      const told = await eventually(async () => {
        const { socket, messages } = await ann.socket();
        socket.send(JSON.stringify({ action: "send", type: "resume" }));
        await eventually(async () => messages.find(({ type }) => type === "resumed"));
        socket.close();
        return messages.find((message) => message.photo === photo && message.state === "ready");
      });

      expect(told.renditions).toHaveLength(3);
    });

    test("of a flood opens as often as one user may, and harms nobody else", async () => {
      const flood = await Promise.allSettled(Array.from({ length: 30 }, () => bob.socket()));

      const open = flood.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(open.length).toBeLessThanOrEqual(10);
      expect(open.length).toBeGreaterThan(0);
      const { socket } = await openSocket(`${cloud().outputs.liveUrl}?token=${annTokens.access}`);
      socket.close();
      for (const one of open) {
        one.socket.close();
      }
    });
  });
}
