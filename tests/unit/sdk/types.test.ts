import * as path from "node:path";
import * as ts from "typescript";

const root = path.resolve(__dirname, "../../..");

/** What the compiler says of a file under this project's options. */
function diagnosticsOf(file: string): string[] {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([file], options);
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

test.each([
  "sdk/bound-client.types.ts",
  "sdk/sql.types.ts",
  "blocks/blocks.types.ts",
  "blocks/workflow.types.ts",
])("%s compiles, with just the errors it expects", (file) => {
  expect(diagnosticsOf(path.join(root, "tests/unit", file))).toEqual([]);
});
