import { marshall } from "@aws-sdk/util-dynamodb";
import * as fc from "fast-check";
import { change } from "../../../handlers/photos/change";
import { toItem } from "../../../handlers/photos/photo";
import { publish } from "../../../handlers/photos/publish";
import { read } from "../../../handlers/photos/read";
import { remove } from "../../../handlers/photos/remove";
import { call, httpEvent } from "./http-event";
import { photoTable } from "./photo-table";

const id = "0b8f2c1e-7d4a-4c56-9f10-2a3b4c5d6e7f";
const stored = {
  id,
  owner: "ann",
  title: "Dunes",
  description: "",
  tags: ["sand"],
  version: 3,
  publishedAt: "2026-01-02T03:04:05.000Z",
  changedAt: "2026-01-02T03:04:05.000Z",
};
const table = () => photoTable(toItem(stored, "print"));

describe("publish", () => {
  test("stores the photo under its owner and answers it with its place", async () => {
    const photos = photoTable();

    const { status, body } = await call(publish(photos.client), { user: "ann", body: { title: " Dunes " } });

    expect(status).toBe(201);
    expect(body).toMatchObject({ owner: "ann", title: "Dunes", description: "", tags: [], version: 1 });
    expect(photos.item()).toMatchObject(marshall({ id: body.id, owner: "ann", title: "Dunes" }));
  });

  test("a request repeated with its idempotency key publishes once", async () => {
    const photos = photoTable();
    const request = { user: "ann", body: { title: "Dunes" }, headers: { "idempotency-key": "k1" } };

    const first = await call(publish(photos.client), request);
    const second = await call(publish(photos.client), request);

    expect(second).toEqual(first);
  });

  test("an idempotency key used for another photo is a conflict", async () => {
    const photos = photoTable();
    const headers = { "idempotency-key": "k1" };
    await call(publish(photos.client), { user: "ann", body: { title: "Dunes" }, headers });

    const { status } = await call(publish(photos.client), { user: "ann", body: { title: "Sea" }, headers });

    expect(status).toBe(409);
  });

  test.each([
    ["malformed JSON", "{", 400],
    ["an array", [], 400],
    ["no title", {}, 400],
    ["an empty title", { title: "  " }, 400],
    ["a title of the wrong type", { title: 7 }, 400],
    ["a field that does not exist", { title: "a", owner: "eve" }, 400],
    ["a title too long", { title: "x".repeat(121) }, 400],
    ["the same tag twice", { title: "a", tags: ["b", "B"] }, 400],
    ["half a character in the title", '{"title":"\\ud800"}', 400],
    ["half a character in a tag", { title: "a", tags: ["\udc00b"] }, 400],
    ["too much", { title: "a", description: "x".repeat(70_000) }, 413],
  ])("%s is refused before anything is stored", async (_, body, expected) => {
    const photos = photoTable();

    const { status, type, body: problem } = await call(publish(photos.client), { user: "ann", body });

    expect({ status, type }).toEqual({ status: expected, type: "application/problem+json" });
    expect(problem).toMatchObject({ type: "about:blank", status: expected, detail: expect.any(String) });
    expect(photos.calls).toEqual([]);
  });

  test.each(["", "k".repeat(129)])("the idempotency key %p is refused", async (key) => {
    const photos = photoTable();

    const { status, body } = await call(publish(photos.client), {
      user: "ann",
      body: { title: "Dunes" },
      headers: { "idempotency-key": key },
    });

    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ at: "header/idempotency-key" }]);
    expect(photos.calls).toEqual([]);
  });

  test("text beyond the basic plane is stored", async () => {
    const { status } = await call(publish(photoTable().client), { user: "ann", body: { title: "🏜️" } });

    expect(status).toBe(201);
  });

  test("the answer's location leads to the photo from where the API is mounted", async () => {
    const event = httpEvent({ user: "ann", body: { title: "Dunes" } });

    const { headers, body } = await publish(photoTable().client).factory()(event);

    const { href } = new URL(String(headers?.location), "https://api.example.com/gallery/photos");
    expect(href).toBe(`https://api.example.com/gallery/photos/${JSON.parse(body ?? "").id}`);
  });

  test("a body that is not JSON by its type is refused", async () => {
    const { status } = await call(publish(photoTable().client), {
      user: "ann",
      body: "title=a",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });

    expect(status).toBe(415);
  });

  test("an id token does not do", async () => {
    const { status } = await call(publish(photoTable().client), {
      user: "ann",
      tokenUse: "id",
      body: { title: "a" },
    });

    expect(status).toBe(401);
  });

  test("no body whatever makes the handler fail", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.string()), async (body) => {
        const { status } = await call(publish(photoTable().client), { user: "ann", body });

        expect([201, 400]).toContain(status);
      }),
    );
  });
});

describe("read", () => {
  test("answers the photo without what is internal to the table", async () => {
    expect(await call(read(table().client), { path: { id } })).toMatchObject({ status: 200, body: stored });
  });

  test("404 for one that is not there, 400 for what is no id", async () => {
    expect((await call(read(photoTable().client), { path: { id } })).status).toBe(404);
    expect((await call(read(photoTable().client), { path: { id: "../etc" } })).status).toBe(400);
  });
});

describe("change", () => {
  const request = { user: "ann", path: { id }, body: { version: 3, title: "Sea" } };

  test("changes what is named and counts the version", async () => {
    const { status, body } = await call(change(table().client), request);

    expect(status).toBe(200);
    expect(body).toMatchObject({ title: "Sea", tags: ["sand"], version: 4 });
  });

  test("the same change again, its answer lost, is answered alike", async () => {
    const photos = table();
    const first = await call(change(photos.client), request);

    expect(await call(change(photos.client), request)).toEqual(first);
  });

  test("a change made on an older version is a conflict that names both", async () => {
    const { status, body } = await call(change(table().client), {
      ...request,
      body: { version: 1, title: "Sea" },
    });

    expect(status).toBe(409);
    expect(body.detail).toMatch(/version 3.* on 1/);
  });

  test("400 for a version beyond any that can be counted", async () => {
    const photos = table();

    const { status } = await call(change(photos.client), {
      ...request,
      body: { version: Number.MAX_SAFE_INTEGER, title: "Sea" },
    });

    expect(status).toBe(400);
    expect(photos.calls).toEqual([]);
  });

  test("403 for another's photo, 404 for none, 400 for a change of nothing", async () => {
    expect((await call(change(table().client), { ...request, user: "eve" })).status).toBe(403);
    expect((await call(change(photoTable().client), request)).status).toBe(404);
    expect((await call(change(table().client), { ...request, body: { version: 3 } })).status).toBe(400);
  });
});

describe("remove", () => {
  test("removes one's own photo", async () => {
    const photos = table();

    expect((await call(remove(photos.client), { user: "ann", path: { id } })).status).toBe(204);
    expect(photos.item()).toBeUndefined();
  });

  test("403 for another's photo, which stays, and 404 for none", async () => {
    const photos = table();

    expect((await call(remove(photos.client), { user: "eve", path: { id } })).status).toBe(403);
    expect(photos.item()).toBeDefined();
    expect((await call(remove(photoTable().client), { user: "ann", path: { id } })).status).toBe(404);
  });
});
