import * as z from "zod";
import { bodyModel } from "../../../components/rest-api/body-model";
import { restRequest } from "../../../local/front-door/rest-request";
import { bodyProblem, modernised } from "../../../local/front-door/rest-validation";
import { exchangeOf } from "./exchange";
import { methodOf, stageOf } from "./rest-stage";

async function problemOf(schema: z.ZodType, body: string, type = "application/json") {
  const models = { "application/json": JSON.stringify(bodyModel("test", () => schema)) };
  const method = methodOf("POST /a", { models });
  const exchange = await exchangeOf({ method: "POST", url: "/", headers: { "content-type": type }, body });
  return bodyProblem(restRequest(exchange, stageOf([method]), method), method, body);
}

const note = z
  .strictObject({
    id: z.uuid(),
    size: z.number().gt(3).lt(9).optional(),
    tags: z
      .array(z.object({ name: z.string().max(3) }).meta({ id: "Tag" }))
      .max(2)
      .optional(),
    pair: z.tuple([z.string(), z.int()]).optional(),
  })
  .meta({ id: "Note" });
const id = "0b8f5f0e-3c52-4a53-9e0f-6a5c0d8a6e11";

test.each([{ id }, { id, size: 3.5 }, { id, tags: [{ name: "a" }] }, { id, pair: ["a", 1] }])(
  "%j passes the model of its contract",
  async (body) => {
    expect(note.safeParse(body).success).toBe(true);
    expect(await problemOf(note, JSON.stringify(body))).toBeUndefined();
  },
);

test.each<[object, RegExp]>([
  [{}, /^\[object has missing required properties \(\["id"\]\)\]$/],
  [{ id, extra: 1, more: 2 }, /properties which are not allowed by the schema: \["extra","more"\]/],
  [{ id: "no" }, /does not match input string "no"/],
  [
    { id: 1 },
    /instance type \(integer\) does not match any allowed primitive type \(allowed: \["string"\]\)/,
  ],
  [{ id, size: 3 }, /must be > 3/],
  [{ id, size: 9 }, /must be < 9/],
  [{ id, tags: [{ name: "long" }] }, /3 characters/],
  [{ id, tags: [{ name: "a", x: 1 }] }, /not allowed.*"x"/],
  [{ id, tags: [{ name: "a" }, { name: "b" }, { name: "c" }] }, /2 items/],
  [{ id, pair: ["a", 1, 2] }, /2 items/],
])("%j is refused as its contract refuses it", async (body, problem) => {
  expect(await problemOf(note, JSON.stringify(body))).toMatch(problem);
});

test.each(["", "{", "undefined", "[".repeat(100_000)])(
  "a body that is no JSON is refused: %#",
  async (body) => {
    expect(await problemOf(note, body)).toBe("it is no JSON");
  },
);

test("a media type without a model is not looked at", async () => {
  expect(await problemOf(note, "no JSON", "text/plain")).toBeUndefined();
});

test("draft 4 is read with its own meaning", () => {
  const draft4 = {
    $schema: "http://json-schema.org/draft-04/schema#",
    id: "http://example.com/schema",
    properties: {
      id: { type: "string" },
      a: { minimum: 1, exclusiveMinimum: true, maximum: 5, exclusiveMaximum: false },
    },
  };

  expect(modernised(draft4)).toEqual({
    properties: { id: { type: "string" }, a: { exclusiveMinimum: 1, maximum: 5 } },
  });
});
