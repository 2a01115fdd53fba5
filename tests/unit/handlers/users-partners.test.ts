import * as fc from "fast-check";
import type { AuthorizationRequest } from "../../../components/lambda-authorizer";
import { authorizePartner } from "../../../handlers/users/authorize-partner";
import { hashOf, idIn, isKey, makeKey } from "../../../handlers/users/partner";
import { add, list, remove } from "../../../handlers/users/partners";
import { asAdmin, callAs, partnerTable } from "./user-cloud";

const request = (key?: string): AuthorizationRequest => ({
  routeArn: "arn:aws:execute-api:eu-west-1:123456789012:api/$default/GET/partner/profiles/ann",
  headers: key === undefined ? {} : { "x-api-key": key },
});
const named = (name: string) => asAdmin({ body: { name } });

describe("a key", () => {
  test("begins with its partner's id and has the hash that is kept", () => {
    const { id, key } = makeKey();

    expect(idIn(key)).toBe(id);
    expect(isKey(key, hashOf(key))).toBe(true);
  });

  test("is never another's", () => {
    fc.assert(
      fc.property(fc.constant(0).map(makeKey), fc.constant(0).map(makeKey), (one, other) => {
        expect(one.id).not.toBe(other.id);
        expect(isKey(one.key, hashOf(other.key))).toBe(false);
      }),
    );
  });

  test("with any character changed, is none or not the one", () => {
    const { id, key } = makeKey();
    fc.assert(
      fc.property(fc.nat({ max: key.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }), (at, by) => {
        fc.pre(key[at] !== by);
        const changed = key.slice(0, at) + by + key.slice(at + 1);

        expect(idIn(changed) === id && isKey(changed, hashOf(key))).toBe(false);
      }),
    );
  });

  test.each(["", "gallery_", "gallery__", `gallery_${"a".repeat(18)}_${"x".repeat(31)}`, "x".repeat(9000)])(
    "cannot be %j",
    (text) => {
      expect(idIn(text)).toBeUndefined();
    },
  );

  test("is compared also with what is no hash", () => {
    expect(isKey(makeKey().key, "")).toBe(false);
  });
});

describe("add", () => {
  test("answers the key once, uncached, and keeps only its hash", async () => {
    const partners = partnerTable();

    const { status, headers, body } = await callAs(add(partners.client), named(" Prints "));

    const { key, ...partner } = body;
    expect(status).toBe(201);
    expect(headers).toMatchObject({ "cache-control": "no-store" });
    expect(partner).toMatchObject({ name: "Prints", createdBy: "root", id: idIn(String(key)) });
    expect(partners.items()).toEqual([{ ...partner, keyHash: hashOf(String(key)) }]);
    expect(JSON.stringify(partners.items())).not.toContain(key);
  });

  test.each([
    ["who is not among the administrators", { groups: "[editors]" }, 403],
    ["who is in no group", { groups: undefined }, 403],
    ["who is not signed in", { user: undefined }, 401],
    ["a partner", { lambda: { partner: "p" } }, 401],
  ])("refuses %s", async (_, who, status) => {
    const partners = partnerTable();

    expect((await callAs(add(partners.client), { ...named("Prints"), ...who })).status).toBe(status);
    expect(partners.items()).toEqual([]);
  });

  test.each([{}, { name: " " }, { name: "x".repeat(101) }, { name: "Prints", id: "own" }])(
    "refuses %j",
    async (body) => {
      expect((await callAs(add(partnerTable().client), asAdmin({ body }))).status).toBe(400);
    },
  );
});

describe("list", () => {
  test("answers all partners in the order they came, without hash or key", async () => {
    const partners = partnerTable();
    const time = jest.spyOn(Date.prototype, "toISOString");
    const added = [];
    for (const [index, name] of ["c", "a", "e", "b", "d"].entries()) {
      time.mockReturnValue(`2026-01-0${index + 1}T00:00:00.000Z`);
      const { key: _key, ...partner } = (await callAs(add(partners.client), named(name))).body;
      added.push(partner);
    }
    time.mockRestore();

    const { status, body } = await callAs(list(partners.client), asAdmin());

    expect(status).toBe(200);
    expect(body.partners).toEqual(added);
  });

  test("answers that there are none", async () => {
    expect((await callAs(list(partnerTable().client), asAdmin())).body).toEqual({ partners: [] });
  });

  test("is for administrators", async () => {
    expect((await callAs(list(partnerTable().client), { user: "ann" })).status).toBe(403);
  });
});

describe("who calls with a key", () => {
  async function joined() {
    const partners = partnerTable();
    const { body } = await callAs(add(partners.client), named("Prints"));
    return { partners, id: String(body.id), key: String(body.key) };
  }

  test("is let in as the partner whose it is", async () => {
    const { partners, id, key } = await joined();

    expect(await authorizePartner(partners.client)(request(key))).toEqual({
      isAuthorized: true,
      context: { partner: id },
    });
  });

  test("is let in at once after being taken in, not only once copies have the item", async () => {
    const { partners, key } = await joined();

    await authorizePartner(partners.client)(request(key));

    expect(partners.reads).toEqual([expect.objectContaining({ ConsistentRead: true })]);
  });

  test("is not let in by what only begins like the key, or is another's", async () => {
    const { partners, id } = await joined();
    const other = makeKey().key;

    for (const key of [`gallery_${id}_${"x".repeat(32)}`, other]) {
      expect(await authorizePartner(partners.client)(request(key))).toEqual({
        isAuthorized: false,
        context: {},
      });
    }
  });

  test("is refused without asking the table, if that is no key", async () => {
    const { partners, key } = await joined();

    for (const text of [undefined, "", "Bearer", ` ${key}`]) {
      expect((await authorizePartner(partners.client)(request(text))).isAuthorized).toBe(false);
    }
    expect(partners.reads).toEqual([]);
  });

  test("is let in no longer once removed, which may be asked for twice", async () => {
    const { partners, id, key } = await joined();

    expect((await callAs(remove(partners.client), asAdmin({ path: { id } }))).status).toBe(204);
    expect((await callAs(remove(partners.client), asAdmin({ path: { id } }))).status).toBe(204);

    expect((await authorizePartner(partners.client)(request(key))).isAuthorized).toBe(false);
  });

  test("is removed only by administrators", async () => {
    const { partners, id, key } = await joined();

    expect((await callAs(remove(partners.client), { user: "ann", path: { id } })).status).toBe(403);

    expect((await authorizePartner(partners.client)(request(key))).isAuthorized).toBe(true);
  });
});
