import * as fc from "fast-check";
import { CommandReader, encodeCommand, ProtocolError } from "../../../local/cache/resp";

/** All whole commands in what has arrived, by chunks. */
function readAll(chunks: readonly Buffer[]): (readonly string[])[] {
  const reader = new CommandReader();
  const commands: (readonly string[])[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let command = reader.next(); command; command = reader.next()) commands.push(command);
  }
  return commands;
}

/** The bytes, cut at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
}

// Line ends and marks of the protocol inside of an argument must not be taken for its own.
const argument = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom("", "\r\n", "$3\r\nfoo\r\n", "*1\r\n"),
);
const command = fc.array(argument, { minLength: 1, maxLength: 10 });

test("reads any commands, wherever packets end", () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 5 }), fc.array(fc.nat(2000)), (commands, places) => {
      const bytes = Buffer.from(commands.map(encodeCommand).join(""));

      expect(readAll(cut(bytes, places))).toEqual(commands);
    }),
  );
});

test("leaves what follows a command unread", () => {
  fc.assert(
    fc.property(command, fc.uint8Array({ maxLength: 200 }), (first, rest) => {
      const reader = new CommandReader();
      reader.push(Buffer.concat([Buffer.from(encodeCommand(first)), rest]));

      expect(reader.next()).toEqual(first);
      expect(reader.rest).toEqual(Buffer.from(rest));
    }),
  );
});

test("never takes part of a command for a whole one", () => {
  fc.assert(
    fc.property(command, fc.nat(2000), (whole, length) => {
      const bytes = Buffer.from(encodeCommand(whole));

      expect(readAll([bytes.subarray(0, length % bytes.length)])).toEqual([]);
    }),
  );
});

test("reads plain lines, and nothing in empty ones", () => {
  expect(readAll([Buffer.from("\r\nAUTH  reader\tsecret\r\n*0\r\n*-1\r\nPING\n")])).toEqual([
    ["AUTH", "reader", "secret"],
    ["PING"],
  ]);
});

test.each([
  ["more arguments than a login has", "*11\r\n", "unauthenticated multibulk length"],
  ["a longer argument than a login has", "*1\r\n$16385\r\n", "unauthenticated bulk length"],
  ["an argument that is none", "*1\r\n:1\r\n", "expected '$', got ':'"],
  ["a negative length", "*1\r\n$-1\r\n", "invalid bulk length"],
  ["a length that is no number", "*x\r\n", "invalid multibulk length"],
  ["a line without an end", "x".repeat(64 * 1024 + 1), "too big inline request"],
])("refuses %s", (_what, text, problem) => {
  const read = () => readAll([Buffer.from(text)]);

  expect(read).toThrow(ProtocolError);
  expect(read).toThrow(problem);
});

test("throws nothing else, whatever arrives", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("*", "$", "1", "2", "-", "\r\n", "\n", "a", "\0")), (parts) => {
      try {
        readAll([Buffer.from(parts.join(""))]);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
  );
});
