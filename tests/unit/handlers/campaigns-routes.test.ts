import * as fc from "fast-check";
import type { HttpEvent, HttpResult } from "../../../components/http-api";
import { list } from "../../../handlers/campaigns/list";
import { read } from "../../../handlers/campaigns/read";
import { start } from "../../../handlers/campaigns/start";
import { adminEvent, campaign, id } from "./campaigns-cloud";
import { memoryTable } from "./campaigns-table";

const campaignTable = () => memoryTable(["id"]);
type Route = { factory: () => (event: HttpEvent) => Promise<HttpResult> };

/** Calls a route as an administrator. */
async function call(handler: Route, options: Parameters<typeof adminEvent>[0] = {}) {
  const { statusCode, body, headers } = await handler.factory()(adminEvent(options));
  return { status: statusCode, headers, body: JSON.parse(body ?? "{}") };
}

const news = { subject: "Dunes", text: "Sand" };

describe("start", () => {
  test("stores the campaign, and answers it with its place", async () => {
    const table = campaignTable();

    const { status, body, headers } = await call(start(table.client), {
      body: { ...news, subject: " Dunes " },
    });

    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.any(String),
      ...news,
      createdBy: "ann",
      createdAt: expect.any(String),
      changedAt: body.createdAt,
      status: "starting",
      sequence: 0,
    });
    expect(headers?.location).toBe(`campaigns/${body.id}`);
    expect(table.items()).toEqual([{ ...body, kind: "campaign", fingerprint: expect.any(String) }]);
  });

  test("a request repeated with its idempotency key starts one campaign, and is answered alike", async () => {
    const table = campaignTable();
    const request = { body: news, headers: { "idempotency-key": "k1" } };

    const first = await call(start(table.client), request);
    const second = await call(start(table.client), request);
    const another = await call(start(table.client), { ...request, user: "eve" });

    expect(second).toEqual(first);
    expect(another.body.id).not.toBe(first.body.id);
    expect(table.items()).toHaveLength(2);
  });

  test.each([{ subject: "Sea" }, { text: "Water" }])(
    "a key used for another campaign is a conflict: %j",
    async (change) => {
      const table = campaignTable();
      const headers = { "idempotency-key": "k1" };
      await call(start(table.client), { body: news, headers });

      const { status } = await call(start(table.client), { body: { ...news, ...change }, headers });

      expect(status).toBe(409);
      expect(table.items()).toMatchObject([news]);
    },
  );

  test.each<[string, unknown, number]>([
    ["malformed JSON", "{", 400],
    ["an array", [], 400],
    ["no subject", { text: "a" }, 400],
    ["no text", { subject: "a" }, 400],
    ["an empty subject", { subject: "  ", text: "a" }, 400],
    ["an empty text", { subject: "a", text: "\n \n" }, 400],
    ["a subject of two lines", { subject: "a\r\nBcc: eve@example.com", text: "a" }, 400],
    ["a subject with a separator of lines", { subject: "a\u2028b", text: "a" }, 400],
    ["a subject of the wrong type", { subject: 7, text: "a" }, 400],
    ["a subject too long", { subject: "x".repeat(151), text: "a" }, 400],
    ["a text too long", { subject: "a", text: "x".repeat(20_001) }, 400],
    ["a text with a control character", { subject: "a", text: "a\u0000b" }, 400],
    ["half a character", '{"subject":"a\\ud800","text":"a"}', 400],
    ["a field that does not exist", { ...news, createdBy: "eve" }, 400],
    ["too much", { subject: "a", text: "x".repeat(70_000) }, 413],
  ])("%s is refused before anything is stored", async (_, body, expected) => {
    const table = campaignTable();

    const { status, headers } = await call(start(table.client), { body });

    expect({ status, type: headers?.["content-type"] }).toEqual({
      status: expected,
      type: "application/problem+json",
    });
    expect(table.items()).toEqual([]);
  });

  test("no body whatever makes the handler fail", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.string()), async (body) => {
        const { status } = await call(start(campaignTable().client), { body });

        expect([202, 400]).toContain(status);
      }),
    );
  });
});

test.each<[string, (table: ReturnType<typeof campaignTable>) => Route, Parameters<typeof adminEvent>[0]]>([
  ["start", ({ client }) => start(client), { body: news }],
  ["list", ({ client }) => list(client), {}],
  ["read", ({ client }) => read(client), { path: { id } }],
])("%s is for administrators: 403 for others, 401 for an id token", async (_, route, request) => {
  const table = campaignTable();
  table.put(campaign());

  expect((await call(route(table), { ...request, groups: "[editors notadmins]" })).status).toBe(403);
  expect((await call(route(table), { ...request, tokenUse: "id" })).status).toBe(401);
  expect(table.items()).toHaveLength(1);
});

describe("read", () => {
  test("answers the campaign without what is internal to the table", async () => {
    const table = campaignTable();
    table.put(campaign({ mailId: "mail-1", mailStatus: "pending", waiting: { token: "t", after: 0 } }));
    const { kind: _kind, fingerprint: _fingerprint, ...shown } = campaign();

    expect(await call(read(table.client), { path: { id } })).toMatchObject({ status: 200, body: shown });
    const { body } = await call(read(table.client), { path: { id } });
    expect(Object.keys(body).sort()).toEqual(Object.keys(shown).sort());
  });

  test("404 for one that is not there, 400 for what is no id", async () => {
    expect((await call(read(campaignTable().client), { path: { id } })).status).toBe(404);
    expect((await call(read(campaignTable().client), { path: { id: "../etc" } })).status).toBe(400);
  });
});

describe("list", () => {
  const idOf = (index: number) => id.slice(0, -2) + String(index).padStart(2, "0");
  const at = (index: number) => `2026-01-02T03:04:${String(index).padStart(2, "0")}.000Z`;

  test("by its cursors, every campaign comes once, newest first", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (count, limit) => {
          const table = campaignTable();
          for (let index = 0; index < count; index += 1) {
            table.put(campaign({ id: idOf(index), createdAt: at(index) }));
          }

          const found: string[] = [];
          let cursor: string | undefined;
          do {
            const query = { limit: String(limit), ...(cursor && { cursor }) };
            const { status, body } = await call(list(table.client), { query });
            expect(status).toBe(200);
            expect(body.campaigns.length).toBeLessThanOrEqual(limit);
            found.push(...body.campaigns.map((item: { id: string }) => item.id));
            cursor = body.cursor;
          } while (cursor);

          expect(found).toEqual(Array.from({ length: count }, (_, index) => idOf(count - 1 - index)));
        },
      ),
    );
  });

  test.each<Record<string, string>>([{ limit: "0" }, { limit: "101" }, { cursor: "none" }, { owner: "ann" }])(
    "400 for the query %j",
    async (query) => {
      expect((await call(list(campaignTable().client), { query })).status).toBe(400);
    },
  );
});
