import * as fc from "fast-check";
import { decodeCursor, encodeCursor } from "../../../handlers/photos/cursor";

const position = fc.record({ publishedAt: fc.string(), id: fc.string() });

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
