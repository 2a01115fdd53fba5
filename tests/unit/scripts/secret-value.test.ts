import { PassThrough, Readable } from "node:stream";
import * as fc from "fast-check";
import { InvalidValue, readValue, type ValueInput } from "../../../scripts/secret/value";

const piped = (...chunks: (string | Uint8Array)[]) =>
  Readable.from(chunks.map((chunk) => Buffer.from(chunk))) as ValueInput;
const silent = () => {};

test.each([
  ["as it is", ["s3cret"], "s3cret"],
  ["less the newline at its end", ["s3cret\n"], "s3cret"],
  ["less one of Windows", ["s3cret\r\n"], "s3cret"],
  ["less one newline alone", ["s3cret\n\n"], "s3cret\n"],
  ["with lines and spaces within", [" -----BEGIN\nkey\n-----END "], " -----BEGIN\nkey\n-----END "],
  ["in pieces that cut a character", [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)], "é"],
  ["of the greatest size with a newline", [`${"x".repeat(4096)}\r\n`], "x".repeat(4096)],
])("a value is read %s", async (_, chunks, expected) => {
  expect(await readValue(piped(...chunks), "Value: ", silent)).toBe(expected);
});

test.each([
  ["no value", [], "is empty"],
  ["a newline", ["\n"], "is empty"],
  ["a value one byte too large", ["x".repeat(4097)], "more than 4096 bytes"],
  ["one too large by its last character", [`${"x".repeat(4095)}é`], "more than 4096 bytes"],
  ["bytes that are no text", [Buffer.from([0xff, 0xfe, 0x00])], "no text in UTF-8"],
])("%s is refused", async (_, chunks, message) => {
  const attempt = readValue(piped(...chunks), "Value: ", silent);

  await expect(attempt).rejects.toThrow(InvalidValue);
  await expect(attempt).rejects.toThrow(message);
});

test("whoever pours in without end is refused all the same", async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) {
        yield Buffer.alloc(1024, "x");
      }
    })(),
  ) as ValueInput;

  await expect(readValue(endless, "Value: ", silent)).rejects.toThrow("more than 4096 bytes");
});

test("any text of one line comes back whole, however it is cut into pieces", async () => {
  const text = fc
    .string({ unit: "binary", minLength: 1, maxLength: 900 })
    .filter((value) => !/[\r\n]$/.test(value));
  await fc.assert(
    fc.asyncProperty(text, fc.nat(), fc.boolean(), async (value, cut, newline) => {
      const bytes = Buffer.from(newline ? `${value}\n` : value);
      const at = cut % (bytes.length + 1);

      const read = await readValue(piped(bytes.subarray(0, at), bytes.subarray(at)), "Value: ", silent);

      expect(read).toBe(value);
    }),
  );
});

describe("from a terminal", () => {
  /** Types the keys; answers what was shown beside the value or the error. */
  async function typing(keys: string) {
    const shown: string[] = [];
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), {
      isTTY: true,
      setRawMode: (raw: boolean) => modes.push(raw),
    });
    const reading = readValue(input as unknown as ValueInput, "Value of a: ", (text) => shown.push(text));
    input.write(keys);
    const value = await reading.catch((error: unknown) => error);
    return { value, shown: shown.join(""), modes };
  }

  test("the value is asked for and shown nowhere, and the terminal is as before", async () => {
    const { value, shown, modes } = await typing("s3cret\r");

    expect(value).toBe("s3cret");
    expect(shown).toBe("Value of a: \n");
    expect(modes).toEqual([true, false]);
  });

  test("what was mistyped can be taken back", async () => {
    expect((await typing("s3cxx\x7f\x7fret\r")).value).toBe("s3cret");
  });

  test.each([
    ["Ctrl-C", "s3c\x03"],
    ["Ctrl-D", "\x04"],
  ])("%s ends it without a value", async (_, keys) => {
    const { value, modes } = await typing(keys);

    expect(value).toEqual(new InvalidValue("Nothing was entered; nothing is changed."));
    expect(modes).toEqual([true, false]);
  });

  test.each(["first\rsecond\r", "first\nsec"])("several lines, pasted, are refused: %j", async (keys) => {
    expect(String((await typing(keys)).value)).toMatch(/more than one line/);
  });

  test("an empty line is no value", async () => {
    expect(String((await typing("\r")).value)).toMatch(/is empty/);
  });
});
