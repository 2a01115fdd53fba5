import * as readline from "node:readline";
import { Writable } from "node:stream";
import { Refused } from "./refused";

/** What a value is read from, such as `process.stdin`. */
export type ValueInput = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** There is no value, or one that cannot be kept. */
export class InvalidValue extends Refused {}

/** Largest value of a parameter of the standard tier. @see https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const maximumBytes = 4096;

/**
 * Reads a secret: typed without echo where a person sits, whole and less the newline at its end from anywhere else.
 * @throws InvalidValue when it is empty, too large or no text
 */
export async function readValue(
  input: ValueInput,
  prompt: string,
  tell: (text: string) => void,
): Promise<string> {
  const value = input.isTTY ? await typed(input, prompt, tell) : await piped(input);
  const sizeBytes = Buffer.byteLength(value);
  if (sizeBytes === 0) {
    throw new InvalidValue("The value is empty; nothing is changed.");
  }
  if (sizeBytes > maximumBytes) {
    throw tooLarge();
  }
  return value;
}

const tooLarge = () => new InvalidValue(`The value has more than ${maximumBytes} bytes; nothing is changed.`);

async function piped(input: ValueInput): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk));
    sizeBytes += chunk.length;
    // Room for a newline at the end; who pours in more gets no more memory of ours.
    if (sizeBytes > maximumBytes + 2) {
      break;
    }
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
    return text.replace(/\r?\n$/, "");
  } catch {
    throw sizeBytes > maximumBytes
      ? tooLarge()
      : new InvalidValue("The value is no text in UTF-8; make it one, such as base64. Nothing is changed.");
  }
}

function typed(input: ValueInput, prompt: string, tell: (text: string) => void): Promise<string> {
  tell(prompt);
  // It reads keys one by one, so that nothing shows what is typed, and would write them here.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = readline.createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    terminal.on("line", (line) => {
      lines.push(line);
      // What was pasted with it comes before.
      setImmediate(() => terminal.close());
    });
    terminal.on("SIGINT", () => terminal.close());
    terminal.on("close", () => {
      tell("\n");
      const [line, ...more] = lines;
      if (line === undefined) {
        reject(new InvalidValue("Nothing was entered; nothing is changed."));
      } else if (more.length > 0 || terminal.line !== "") {
        reject(
          new InvalidValue("That is more than one line; give it as a file: … < file. Nothing is changed."),
        );
      } else {
        resolve(line);
      }
    });
  });
}
