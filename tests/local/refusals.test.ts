import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { runToEnd } from "./local-cloud";
import { type TemporaryProgram, temporaryProgram } from "./temporary-program";

let program: TemporaryProgram | undefined;
afterEach(() => {
  program?.remove();
  program = undefined;
});

/** What `npm start -- --once` says to a program that cannot be started. */
async function refusalOf(
  index: string,
  files: Record<string, string> = {},
  ...args: string[]
): Promise<string> {
  program = temporaryProgram(index, files);
  const { code, output } = await runToEnd(["--once", "--project", program.folder, ...args]);
  expect(code).toBe(1);
  expect(output).not.toContain("Deploying");
  return output;
}

describe("a start that cannot succeed says what, where and what to do, before anything is created", () => {
  test("an unknown option", async () => {
    expect(await refusalOf("", {}, "--stakc", "dev")).toMatch(/'--stakc'[\s\S]*npm start -- \[options\]/);
  });

  test("a stack that does not exist", async () => {
    expect(await refusalOf("", {}, "--stack", "staging")).toMatch(/no stack "staging".*Stacks here: dev/);
  });

  test("a stack file that is no YAML", async () => {
    expect(await refusalOf("", { "Pulumi.dev.yaml": "config: [" })).toMatch(
      /Pulumi\.dev\.yaml is not valid YAML: .*line 1/,
    );
  });

  test("a value of another type than declared", async () => {
    const files = {
      "Pulumi.yaml":
        "name: temporary\nruntime: nodejs\nconfig:\n  aws:region:\n    value: eu-west-1\n  days:\n    type: integer\n",
      "Pulumi.dev.yaml": "config:\n  temporary:days: many\n",
    };

    expect(await refusalOf("", files)).toMatch(/temporary:days is "many".*declares it as integer/);
  });

  test("a port in use", async () => {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      expect(await refusalOf("", {}, "--port", String(port))).toMatch(new RegExp(`${port}.*--port`));
    } finally {
      server.close();
    }
  });

  test("a program that throws", async () => {
    expect(await refusalOf('throw new Error("no such luck");')).toContain("no such luck");
  });

  test("a callback that captures what cannot be serialised: the value and its line", async () => {
    const output = await refusalOf(`
const lookup = new Map([["a", 1]]).get.bind(new Map());
new LambdaFunction("greet", {
  handler: async () => lookup("a"),
});`);

    expect(output).toMatch(/greet: the callback captures `lookup` \(\S+index\.ts:11\).*'bound get'.*factory/);
  });

  test("a callback that captures a whole client", async () => {
    const output = await refusalOf(`
const notes = new Table("notes", { attributes: { id: "S" }, key: { partition: "id" } });
const copy = (client: object) => ({ ...client });
new LambdaFunction("greet", { handler: async () => copy(notes.sdk) });`);

    expect(output).toMatch(
      /greet: the callback captures the whole client of .*table "notes".*client\.\w+\(…\)/,
    );
  });

  test("a resource type without handler: the file to add it to", async () => {
    expect(await refusalOf('new aws.athena.Workgroup("reports");')).toMatch(
      /aws:athena\/workgroup:Workgroup.*local\/aws\/athena\.ts/,
    );
  });

  // Each would be refused alone; all that is wrong with what a program makes is told at once.
  describe("what policies and permissions forbid", () => {
    let output: string;
    beforeAll(async () => {
      output = await refusalOf(
        `
new LambdaFunction("greet", {
  handler: async () => "hello",
  transform: { function: (args) => ({ ...args, tracingConfig: { mode: "PassThrough" } }) },
});
const bus = new EventBus("bus", { deadLetters: new DeadLetters("lost") });
const fn = bus.on("greet", { source: ["a"] }, async () => "hello");
const rule = new aws.cloudwatch.EventRule("second", { eventBusName: bus.name, eventPattern: '{"source":["b"]}' });
new aws.cloudwatch.EventTarget("second", { eventBusName: bus.name, rule: rule.name, arn: fn.arn });`,
        { "Pulumi.dev.yaml": "config:\n  temporary:apiPassword: correct-horse-battery\n" },
      );
    });

    test("is refused before anything is created", () => {
      expect(output).toMatch(/refused; nothing was created/);
    });

    test("a mandatory policy violated: the rule, the resource and the fix", () => {
      expect(output).toMatch(/policy function-tracing on greet\n.*Active/);
    });

    test("a secret in plain configuration, which is not repeated", () => {
      expect(output).toMatch(/policy no-secret-in-configuration on temporary-dev\n.*apiPassword.*--secret/);
      expect(output).not.toContain("correct-horse");
    });

    test("a function that its rule may not call", () => {
      expect(output).toMatch(/^ {2}second \(aws:.*\n.*bus-greet.*\n.*aws\.lambda\.Permission/m);
    });
  });
});
