import * as fc from "fast-check";
import * as z from "zod";
import { routeContract } from "../../../components/route-contract";
import { endpoint } from "../../../handlers/endpoint";
import { callAs, eventOf } from "./user-cloud";

const shared = { id: "act", method: "POST", path: "/act", summary: "Act", responses: {} } as const;
const anyone = routeContract({ ...shared, access: "anyone" });
const admins = routeContract({ ...shared, access: "user", group: "admins" });
const partner = routeContract({ ...shared, access: "partner" });

describe("a route of a group", () => {
  const route = endpoint(admins, async ({ user }) => ({ status: 200, body: { user } }));

  test.each([
    ["[admins]"],
    ["[editors admins]"],
    ["[admins editors]"],
    ["admins"],
    ["admins,editors"],
    [["editors", "admins"]],
  ])("serves a member whose token says %j", async (groups) => {
    expect(await callAs(route, { user: "ann", groups })).toMatchObject({
      status: 200,
      body: { user: "ann" },
    });
  });

  test.each([undefined, "", "[]", "[editors]", "[admins2 notadmins]", "[Admins]", ["administrators"]])(
    "answers 403 to one whose token says %j",
    async (groups) => {
      const { status, body } = await callAs(route, { user: "ann", groups });

      expect(status).toBe(403);
      expect(body.detail).toBe("Only members of the group admins may do this.");
    },
  );

  test("answers 401 to an id token of a member, and to no token", async () => {
    expect((await callAs(route, { user: "ann", groups: "[admins]", tokenUse: "id" })).status).toBe(401);
    expect((await callAs(route, { groups: "[admins]" })).status).toBe(401);
  });

  test("serves only who is in it, whatever groups there are", async () => {
    const name = fc.stringMatching(/^[a-z-]{1,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(name, fc.constant("admins"))), async (groups) => {
        const { status } = await callAs(route, { user: "ann", groups: `[${groups.join(" ")}]` });

        expect(status).toBe(groups.includes("admins") ? 200 : 403);
      }),
    );
  });
});

describe("a route for partners", () => {
  const route = endpoint(partner, async ({ user }) => ({ status: 200, body: { user } }));

  test("knows its caller by what the authorizer tells", async () => {
    expect((await callAs(route, { lambda: { partner: "p1" } })).body).toEqual({ user: "p1" });
  });

  test.each([{ lambda: {} }, { lambda: { partner: "" } }, { lambda: { partner: 7 } }, { user: "ann" }])(
    "answers 401 to %j",
    async (who) => {
      expect((await callAs(route, who)).status).toBe(401);
    },
  );
});

test.each([anyone, { ...anyone, access: "key" as const }])(
  "a route for anyone knows nobody, whoever calls: $access",
  async (open) => {
    const route = endpoint(open, async ({ user }) => ({ status: 200, body: { user } }));

    expect((await callAs(route, { user: "ann", groups: "[admins]" })).body).toEqual({ user: "" });
  },
);

describe("the body as it was sent", () => {
  const signed = endpoint(anyone, async ({ rawBody, body }) => ({ status: 200, body: { rawBody, body } }));

  test.each([false, true])(
    "is there letter by letter where it has no schema (base64: %p)",
    async (base64) => {
      await fc.assert(
        fc.asyncProperty(fc.string({ unit: "grapheme" }), async (body) => {
          const answer = await callAs(signed, { body, base64, headers: { "content-type": "text/plain" } });

          expect(answer.body).toEqual({ rawBody: body });
        }),
      );
    },
  );

  test("is there beside what its schema makes of it", async () => {
    const contract = routeContract({
      ...shared,
      access: "anyone",
      body: () => z.strictObject({ a: z.string().trim() }),
    });
    const route = endpoint(contract, async ({ rawBody, body }) => ({ status: 200, body: { rawBody, body } }));
    const sent = '{ "a" : " b\\u0020" }';

    expect((await callAs(route, { body: sent })).body).toEqual({ rawBody: sent, body: { a: "b" } });
  });

  test("is empty where there is none", async () => {
    expect((await callAs(signed, {})).body).toEqual({ rawBody: "" });
  });
});

test("what a route throws that is no problem is thrown, for Lambda to report", async () => {
  const route = endpoint(anyone, async () => {
    throw new Error("out of order");
  });

  await expect(callAs(route, {})).rejects.toThrow("out of order");
});

test("schemas are made once for each container", async () => {
  const body = jest.fn(() => z.strictObject({}));
  const contract = routeContract({ ...shared, access: "anyone", body });
  const serve = endpoint(contract, async () => ({ status: 204 })).factory();

  const answers = [await serve(eventOf({ body: {} })), await serve(eventOf({ body: {} }))];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  expect(body).toHaveBeenCalledTimes(1);
});
