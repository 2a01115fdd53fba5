import * as fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import * as officialSchema from "@seriousme/openapi-schema-validator/schemas/v3.1/schema.json";
import { Ajv2020 } from "ajv/dist/2020";
import addFormats from "ajv-formats";
import * as z from "zod";
import { capture } from "../../components/closure/capture";
import type { RouteContract } from "../../components/route-contract";
import { bind } from "../../components/sdk/bind";
import { indexMethods, tableMethods } from "../../components/sdk/dynamodb";
import { endpoint } from "../../handlers/endpoint";
import {
  type OpenApiDocument,
  openApiDocument,
  PathParametersDiffer,
  RouteTwice,
} from "../../handlers/openapi";
import { SchemaIdTaken } from "../../handlers/openapi-schemas";
import { change } from "../../handlers/photos/change";
import { list } from "../../handlers/photos/list";
import { toItem } from "../../handlers/photos/photo";
import { publish } from "../../handlers/photos/publish";
import { read } from "../../handlers/photos/read";
import { remove } from "../../handlers/photos/remove";
import { photoRoutes } from "../../handlers/photos/routes";
import { openApiFile, openApiText } from "../../scripts/openapi";
import { call } from "./handlers/http-event";
import { photoTable } from "./handlers/photo-table";

const routes: readonly RouteContract[] = Object.values(photoRoutes);
const document = openApiDocument("Gallery", "1.2.3", routes);
const problem = "application/problem+json";

function operationOf({ method, path }: RouteContract, { paths }: OpenApiDocument = document) {
  const operation = paths[path]?.[method.toLowerCase()];
  if (!operation) {
    throw new Error(`the document lacks ${method} ${path}`);
  }
  return operation;
}

const statusesOf = (route: RouteContract) => Object.keys(operationOf(route).responses).map(Number);

const ajv = () => addFormats(new Ajv2020({ strict: false, formats: { "media-range": true } }));

const contract = (more: Partial<RouteContract>): RouteContract => ({
  id: "readThing",
  method: "GET",
  path: "/things",
  summary: "Read things",
  access: "anyone",
  responses: { 200: { description: "The things" } },
  ...more,
});

test("the document is valid OpenAPI 3.1", () => {
  const validate = ajv().compile(officialSchema);

  validate(JSON.parse(JSON.stringify(document)));

  expect(validate.errors).toBeNull();
});

test("docs/openapi.json is what `npm run openapi` writes", () => {
  const committed = fs.readFileSync(openApiFile, "utf8");

  const generated = openApiText();

  expect(committed).toBe(generated);
});

test("every reference has its component", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];

  const missing = references.filter(([, kind = "", name = ""]) => {
    const components: Readonly<Record<string, object>> = document.components;
    return !Object.hasOwn(components[kind] ?? {}, name);
  });

  expect(references).not.toHaveLength(0);
  expect(missing).toEqual([]);
});

test("each route is an operation, with a token where a user is needed", () => {
  for (const route of routes) {
    expect(operationOf(route)).toMatchObject({
      operationId: route.id,
      summary: route.summary,
      security: route.access === "user" ? [{ accessToken: [] }] : [],
    });
  }
});

test("a header is described with what it may hold", () => {
  expect(operationOf(photoRoutes.publishPhoto).parameters).toContainEqual({
    name: "idempotency-key",
    in: "header",
    description: expect.any(String),
    required: false,
    schema: { type: "string", minLength: 1, maxLength: 128 },
  });
});

describe("statuses", () => {
  const resource = { owner: "table", name: "photos", arn: pulumi.output("arn") };
  const target = { TableName: pulumi.output("photos") };
  const table = {
    ...bind(tableMethods, { ...resource, target }),
    indexes: {
      byTime: bind(indexMethods, { ...resource, target: { ...target, IndexName: "byTime" } }),
      byOwner: bind(indexMethods, { ...resource, target: { ...target, IndexName: "byOwner" } }),
    },
  };
  const handlers = {
    publishPhoto: publish(table),
    listPhotos: list(table),
    readPhoto: read(table),
    changePhoto: change(table),
    removePhoto: remove(table),
  } satisfies Record<keyof typeof photoRoutes, unknown>;
  const bare = endpoint(contract({}), async () => ({ status: 299 }));
  const statusesIn = (text: string) =>
    [...text.matchAll(/\bproblem\)?\((\d{3})|\bstatus: (\d{3})/g)].map((match) =>
      Number(match[1] ?? match[2]),
    );

  test.each(routes.map((route) => [route.id, route] as const))(
    "%s: what the handler's code answers",
    async (id, route) => {
      const { text: shared } = await capture("bare", bare);
      const { text } = await capture(id, handlers[id as keyof typeof handlers]);

      const own = statusesIn(text).filter((status) => !statusesIn(shared).includes(status));

      expect(own).not.toHaveLength(0);
      expect(statusesOf(route)).toEqual(expect.arrayContaining(own));
    },
  );

  test.each(routes.map((route) => [route.id, route] as const))(
    "%s: what the endpoint answers to a bad request",
    async (_, route) => {
      const served = endpoint(route, async () => ({ status: 200 }));
      const user = route.access === "user" ? "ann" : undefined;
      const requests = [
        { user: "ann", tokenUse: "id" as const },
        { user, headers: Object.fromEntries(Object.keys(route.headers ?? {}).map((name) => [name, ""])) },
        { user, path: { id: "no uuid" }, query: { no: "such" }, body: "{" },
        { user, path: { id: crypto.randomUUID() }, body: " ".repeat(100_000) },
        { user, path: { id: crypto.randomUUID() }, body: "x", headers: { "content-type": "text/plain" } },
      ];

      const statuses = new Set<number>();
      for (const request of requests) {
        statuses.add((await call(served, request)).status);
      }

      statuses.delete(200);
      expect(statusesOf(route)).toEqual(expect.arrayContaining([...statuses]));
    },
  );
});

describe("schemas", () => {
  const id = crypto.randomUUID();
  const time = "2026-01-02T03:04:05.000Z";
  const stored = { id, owner: "ann", title: "Dunes", description: "", tags: [], version: 1 };
  const table = photoTable(toItem({ ...stored, publishedAt: time, changedAt: time }, "print"));
  const validatorOf = (name: string) =>
    ajv()
      .addSchema({ ...document, $id: "document" })
      .getSchema(`document#/components/schemas/${name}`);

  test("an answer is valid by its schema", async () => {
    const answer = await call(read(table.client), { path: { id } });

    expect(answer.status).toBe(200);
    expect(validatorOf("Photo")?.(answer.body)).toBe(true);
  });

  test("a problem is valid by its schema", async () => {
    const answer = await call(read(table.client), { path: { id: "no uuid" } });

    expect(answer.type).toBe(problem);
    expect(validatorOf("Problem")?.(answer.body)).toBe(true);
  });

  test.each([
    ["a title", { title: "Dunes" }, true],
    ["no title", {}, false],
    ["a property that is none", { title: "Dunes", place: "Namib" }, false],
    ["a tag twice", { title: "Dunes", tags: ["sand", "sand"] }, false],
  ])("a new photo with %s", (_, body, valid) => {
    const validate = validatorOf("NewPhoto");

    const result = validate?.(body);

    expect(result).toBe(valid);
  });

  test("a change must name a field beside the version", () => {
    const validate = validatorOf("PhotoChange");

    const results = [validate?.({ version: 1 }), validate?.({ version: 1, title: "Sea" })];

    expect(results).toEqual([false, true]);
  });

  test("a schema with an id appears once, however often it is used", () => {
    const thing = () => z.object({ id: z.string() }).meta({ id: "Thing" });
    const page = () => z.object({ things: z.array(thing()) });
    const described = openApiDocument("Things", "1", [
      contract({ responses: { 200: { description: "Things", schema: page } } }),
      contract({ id: "one", path: "/thing", responses: { 200: { description: "One", schema: thing } } }),
    ]);

    const { responses } = operationOf(contract({ path: "/thing" }), described);

    expect(Object.keys(described.components.schemas)).toEqual(["GatewayError", "Problem", "Thing"]);
    expect(responses).toMatchObject({
      200: { content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } } },
    });
  });
});

describe("contracts that contradict", () => {
  const thing = (schema: z.ZodType) => () => z.object({ thing: schema }).meta({ id: "Thing" });

  test.each([
    ["an id twice", [contract({}), contract({ path: "/others" })], RouteTwice],
    ["a method and path twice", [contract({}), contract({ id: "other" })], RouteTwice],
    ["a path parameter without schema", [contract({ path: "/things/{id}" })], PathParametersDiffer],
    [
      "a schema without path parameter",
      [contract({ pathParameters: () => z.object({ id: z.string() }) })],
      PathParametersDiffer,
    ],
    [
      "one schema id for two schemas",
      [
        contract({ responses: { 200: { description: "A", schema: thing(z.string()) } } }),
        contract({ id: "b", path: "/b", responses: { 200: { description: "B", schema: thing(z.int()) } } }),
      ],
      SchemaIdTaken,
    ],
  ])("%s is refused", (_, contracts, expected) => {
    expect(() => openApiDocument("Things", "1", contracts)).toThrow(expected);
  });
});

test("the order of routes does not change the document", () => {
  const reversed = openApiDocument("Gallery", "1.2.3", [...routes].reverse());

  expect(Object.keys(reversed.paths)).toEqual(Object.keys(document.paths));
  expect(JSON.stringify(reversed.components.responses)).toBe(JSON.stringify(document.components.responses));
});

test("a route for holders of a key says so, and that one without gets 403", () => {
  const keyed = contract({ access: "key" });
  const described = openApiDocument("Things", "1", [keyed]);
  const { security, responses } = operationOf(keyed, described);

  expect(security).toEqual([{ apiKey: [] }]);
  expect(described.components.securitySchemes).toMatchObject({
    apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
  });
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(["403", "429"]));
  expect(responses).not.toHaveProperty("401");
});
