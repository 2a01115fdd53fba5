import * as fc from "fast-check";
import { requestUpload } from "../../../handlers/media/request-upload";
import { newUpload, revisionOf, uploadKey, uploadOf } from "../../../handlers/media/upload";
import { call } from "./http-event";
import { memoryObjects, owner, photo } from "./media-cloud";

const request = (body: unknown = { photo, contentType: "image/png" }) => {
  const uploads = memoryObjects();
  return { uploads, answer: call(requestUpload(uploads.client), { user: owner, body }) };
};

describe("the form for an upload", () => {
  test("puts one object of a new key below the user's own, of this type, up to 20 MiB, within 300 s", async () => {
    const before = Date.now();
    const { uploads, answer } = request();

    const { status, body } = await answer;

    expect(uploads.posts).toHaveLength(1);
    const { Key = "", Fields, Conditions, Expires } = uploads.posts[0] ?? {};
    expect(Key).toMatch(new RegExp(`^uploads/${owner}/${photo}/[\\da-f]{28}$`));
    expect(Fields).toEqual({ "Content-Type": "image/png" });
    expect(Conditions).toEqual([
      ["eq", "$Content-Type", "image/png"],
      ["content-length-range", 1, 20_971_520],
    ]);
    expect(Expires).toBe(300);
    expect(status).toBe(201);
    expect(body).toEqual({
      url: "https://objects.example/",
      fields: { "Content-Type": "image/png", key: Key },
      maximumBytes: 20_971_520,
      expiresAt: expect.any(String),
    });
    const expiresAt = Date.parse(String(body.expiresAt));
    expect(expiresAt).toBeGreaterThanOrEqual(before + 300_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 300_000);
  });

  test("is for another object each time", async () => {
    const first = request();
    const second = request();
    await Promise.all([first.answer, second.answer]);

    expect(first.uploads.posts[0]?.Key).not.toBe(second.uploads.posts[0]?.Key);
  });

  test("for a photo named in capitals has the key of the photo as it is stored", async () => {
    const { uploads, answer } = request({ photo: photo.toUpperCase(), contentType: "image/webp" });
    await answer;

    expect(uploadOf(uploads.posts[0]?.Key ?? "")).toMatchObject({ owner, photo });
  });

  test.each([
    ["no photo", { contentType: "image/png" }, "/photo"],
    ["a photo that is no id", { photo: "../../other", contentType: "image/png" }, "/photo"],
    ["a type that is not taken", { photo, contentType: "image/svg+xml" }, "/contentType"],
    ["no type", { photo }, "/contentType"],
    ["a key of one's own choice", { photo, contentType: "image/png", key: "x" }, ""],
  ])("is refused for %s", async (_, body, at) => {
    const { uploads, answer } = request(body);

    const { status, type, body: problem } = await answer;

    expect({ status, type }).toEqual({ status: 400, type: "application/problem+json" });
    expect(problem.errors).toEqual([expect.objectContaining({ at })]);
    expect(uploads.posts).toEqual([]);
  });

  test.each([{}, { user: owner, tokenUse: "id" as const }])("is for users alone: %j", async (caller) => {
    const uploads = memoryObjects();

    const { status } = await call(requestUpload(uploads.client), {
      ...caller,
      body: { photo, contentType: "image/png" },
    });

    expect(status).toBe(401);
    expect(uploads.posts).toEqual([]);
  });
});

const uploads = fc
  .record({ owner: fc.uuid(), photo: fc.uuid() })
  .map(({ owner: by, photo: of }) => newUpload(by, of));

test("a key names the upload it was made of", () => {
  fc.assert(
    fc.property(uploads, (made) => {
      expect(uploadOf(uploadKey(made))).toEqual(made);
    }),
  );
});

test.each([
  "uploads/",
  `uploads/${owner}/${photo}`,
  `uploads/${owner}/${photo}/${"a".repeat(27)}`,
  `uploads/${owner}/${photo}/${"a".repeat(28)}/more`,
  `uploads//${photo}/${"a".repeat(28)}`,
  `renditions/${owner}/${photo}/${"a".repeat(28)}`,
  `x/uploads/${owner}/${photo}/${"a".repeat(28)}`,
])("%s is no key of an upload", (key) => {
  expect(uploadOf(key)).toBeUndefined();
});

describe("of two revisions the greater text is", () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  const sequencers = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 1, maxLength: 24 });

  test("the one whose form was handed out later, whatever S3's sequencers are", () => {
    jest.useFakeTimers({ now: new Date("2026-01-01") });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e12 }), sequencers, sequencers, (later, a, b) => {
        jest.setSystemTime(new Date("2026-01-01"));
        const first = newUpload(owner, photo);
        jest.setSystemTime(Date.now() + later);
        const second = newUpload(owner, photo);

        expect(revisionOf(first, a) < revisionOf(second, b)).toBe(true);
      }),
    );
  });

  test("for one form the object of the greater sequencer, though they differ in length", () => {
    const form = newUpload(owner, photo);
    const number = (sequencer: string) => BigInt(`0x${sequencer.padEnd(24, "0")}`);
    fc.assert(
      fc.property(sequencers, sequencers, (a, b) => {
        expect(revisionOf(form, a) < revisionOf(form, b)).toBe(number(a) < number(b));
      }),
    );
    fc.assert(
      fc.property(sequencers, fc.nat({ max: 8 }), (sequencer, zeros) => {
        expect(revisionOf(form, sequencer + "0".repeat(zeros))).toBe(revisionOf(form, sequencer));
      }),
    );
  });
});
