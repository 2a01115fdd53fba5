import * as fs from "node:fs";
import * as path from "node:path";

const local = path.resolve(__dirname, "../../.local");

/** A Pulumi program of its own, inside this repository so that it finds the components. */
export interface TemporaryProgram {
  readonly folder: string;
  write(file: string, content: string): void;
  remove(): void;
}

const preamble = `import * as aws from "@pulumi/aws";
import { DeadLetters } from "../../components/dead-letters";
import { EventBus } from "../../components/event-bus";
import { LambdaFunction } from "../../components/function";
import { HttpApi } from "../../components/http-api";
import { Table } from "../../components/table";
import { UserPool } from "../../components/user-pool";
`;

/** Writes a program; its `index.ts` has the blocks imported before its first line, which is line 8. */
export function temporaryProgram(index: string, files: Record<string, string> = {}): TemporaryProgram {
  fs.mkdirSync(local, { recursive: true });
  const folder = fs.mkdtempSync(path.join(local, "program-"));
  const write = (file: string, content: string) => fs.writeFileSync(path.join(folder, file), content);
  write("Pulumi.yaml", "name: temporary\nruntime: nodejs\nconfig:\n  aws:region:\n    value: eu-west-1\n");
  write("Pulumi.dev.yaml", "config: {}\n");
  write("index.ts", preamble + index);
  for (const [file, content] of Object.entries(files)) {
    write(file, content);
  }
  return { folder, write, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}
