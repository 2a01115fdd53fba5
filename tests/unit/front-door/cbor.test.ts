import * as fc from "fast-check";
import { BadCbor, decodeCbor, encodeCborTexts } from "../../../local/front-door/cbor";

const fromHex = (hex: string) => decodeCbor(Buffer.from(hex, "hex"));

/** RFC 8949, appendix A. */
test.each([
  ["00", 0],
  ["17", 23],
  ["1818", 24],
  ["1903e8", 1000],
  ["1a000f4240", 1_000_000],
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["20", -1],
  ["3903e7", -1000],
  ["fa47c35000", 100_000],
  ["fb3ff199999999999a", 1.1],
  ["f4", false],
  ["f5", true],
  ["f6", undefined],
  ["c11a514b67b0", 1_363_896_240],
  ["6449455446", "IETF"],
  ["83010203", [1, 2, 3]],
  ["a26161016162820203", { a: 1, b: [2, 3] }],
  ["9f018202039f0405ffff", [1, [2, 3], [4, 5]]],
  ["bf61610161629f0203ffff", { a: 1, b: [2, 3] }],
  ["7f657374726561646d696e67ff", "streaming"],
])("%s", (hex, value) => {
  expect(fromHex(hex)).toEqual(value);
});

test("byte strings stay bytes", () => {
  expect(fromHex("4401020304")).toEqual(Buffer.from([1, 2, 3, 4]));
  expect(fromHex("5f42010243030405ff")).toEqual(Buffer.from([1, 2, 3, 4, 5]));
});

test("texts come back as they were encoded", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ maxLength: 300 })), (texts) => {
      expect(decodeCbor(encodeCborTexts(texts))).toEqual({ ...texts });
    }),
  );
});

test("anything else is BadCbor, never a crash or an endless loop", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        decodeCbor(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(BadCbor);
      }
    }),
  );
});
