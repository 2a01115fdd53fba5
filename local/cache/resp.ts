/** What Valkey takes of a client that has not logged in yet: more is no login. */
const MOST_ARGUMENTS = 10;
const LONGEST_ARGUMENT_BYTES = 16 * 1024;
const LONGEST_LINE_BYTES = 64 * 1024;

/** What a client sends is no command, or too long a one before it has logged in; the message is Valkey's. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

interface Read<T> {
  readonly value: T;
  /** Where in the bytes it ends. */
  readonly end: number;
}

/** Reads the commands of a client, in RESP's arrays or as plain lines, however they are split over packets. */
export class CommandReader {
  #held: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
  }

  /** What has arrived and is not read yet. */
  get rest(): Buffer {
    return this.#held;
  }

  /**
   * The next command with its arguments, or undefined until all of it has arrived.
   * @throws ProtocolError
   */
  next(): readonly string[] | undefined {
    for (;;) {
      const command = commandIn(this.#held);
      if (command === undefined) {
        return undefined;
      }
      this.#held = this.#held.subarray(command.end);
      // As Valkey does with an empty line or array.
      if (command.value.length > 0) {
        return command.value;
      }
    }
  }
}

/** A command as an array of RESP, for the server. */
export function encodeCommand(command: readonly string[]): string {
  const bulk = command.map((argument) => `$${Buffer.byteLength(argument)}\r\n${argument}\r\n`);
  return `*${command.length}\r\n${bulk.join("")}`;
}

function commandIn(bytes: Buffer): Read<readonly string[]> | undefined {
  const line = lineAt(bytes, 0);
  if (line === undefined) {
    return undefined;
  }
  if (!line.value.startsWith("*")) {
    return { value: line.value.split(/\s+/).filter(Boolean), end: line.end };
  }
  const count = numberIn(line.value, "multibulk", MOST_ARGUMENTS);
  const command: string[] = [];
  let end = line.end;
  while (command.length < count) {
    const argument = bulkAt(bytes, end);
    if (argument === undefined) {
      return undefined;
    }
    command.push(argument.value);
    end = argument.end;
  }
  return { value: command, end };
}

function bulkAt(bytes: Buffer, at: number): Read<string> | undefined {
  const line = lineAt(bytes, at);
  if (line === undefined) {
    return undefined;
  }
  if (!line.value.startsWith("$")) {
    throw new ProtocolError(`Protocol error: expected '$', got '${line.value.slice(0, 1)}'`);
  }
  const length = numberIn(line.value, "bulk", LONGEST_ARGUMENT_BYTES);
  if (length < 0) {
    throw new ProtocolError("Protocol error: invalid bulk length");
  }
  const end = line.end + length;
  return bytes.length < end + 2 ? undefined : { value: bytes.toString("utf8", line.end, end), end: end + 2 };
}

function lineAt(bytes: Buffer, at: number): Read<string> | undefined {
  const end = bytes.indexOf("\n", at);
  if ((end < 0 ? bytes.length : end) - at > LONGEST_LINE_BYTES) {
    throw new ProtocolError("Protocol error: too big inline request");
  }
  return end < 0 ? undefined : { value: bytes.toString("utf8", at, end).replace(/\r$/, ""), end: end + 1 };
}

function numberIn(line: string, what: "multibulk" | "bulk", most: number): number {
  const text = line.slice(1);
  if (!/^-?\d{1,10}$/.test(text)) {
    throw new ProtocolError(`Protocol error: invalid ${what} length`);
  }
  const number = Number(text);
  if (number > most) {
    throw new ProtocolError(`Protocol error: unauthenticated ${what} length`);
  }
  return number;
}
