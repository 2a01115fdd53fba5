import * as crypto from "node:crypto";
import * as fc from "fast-check";
import { decodeCursor, encodeCursor } from "../../../handlers/cursor";

const position = fc.record({
  time: fc
    .date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  id: fc.uuid(),
});

test("a cursor gives back its position", () => {
  fc.assert(
    fc.property(position, (at) => {
      expect(decodeCursor(encodeCursor(at))).toEqual(at);
    }),
  );
});

test("a cursor that was changed anywhere is none", () => {
  fc.assert(
    fc.property(position, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (at, where, letter) => {
      const cursor = encodeCursor(at);
      const index = where % cursor.length;
      fc.pre(cursor[index] !== letter);

      expect(decodeCursor(cursor.slice(0, index) + letter + cursor.slice(index + 1))).toBeUndefined();
    }),
  );
});

test("text that never was a cursor is none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(decodeCursor(text)).toBeUndefined();
    }),
  );
});

test.each([
  ["empty keys", ["", ""]],
  ["a time that is none", ["soon", crypto.randomUUID()]],
  ["an id that is no UUID", ["2026-01-02T03:04:05.000Z", "1"]],
  ["a key of another type", [1, crypto.randomUUID()]],
  ["no list", { publishedAt: "2026-01-02T03:04:05.000Z" }],
  ["nothing", null],
])("a cursor of one's own making with %s is none", (_, content) => {
  const text = Buffer.from(JSON.stringify(content)).toString("base64url");
  const check = crypto.createHash("sha256").update(text).digest("base64url").slice(0, 10);

  expect(decodeCursor(`${text}.${check}`)).toBeUndefined();
});
