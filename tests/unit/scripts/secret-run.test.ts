import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Readable } from "node:stream";
import { clientConfig, NoLocalCloud } from "../../../scripts/cloud";
import { type Arguments, parseArguments } from "../../../scripts/secret/arguments";
import { NotAllowed, NotSignedIn } from "../../../scripts/secret/explain";
import { RotationRefused, RotationUnfinished, UnknownSecret } from "../../../scripts/secret/rotate";
import { run, type Surroundings } from "../../../scripts/secret/run";
import { NoKey } from "../../../scripts/secret/set";
import { connect } from "../../../scripts/secret/stores";
import type { ValueInput } from "../../../scripts/secret/value";
import { awsError, fakeStores } from "./secret-stores";

/** A clock that stands still but for pauses. */
function surroundings(value = ""): Surroundings & { told: string[] } {
  let time = 0;
  const told: string[] = [];
  return {
    input: Readable.from([Buffer.from(value)]) as ValueInput,
    clock: {
      now: () => time,
      pause: async (milliseconds) => {
        time += milliseconds;
      },
    },
    tell: (text) => told.push(text),
    told,
  };
}

const asked = (...argv: string[]): Arguments => {
  const args = parseArguments(argv);
  if (!args) {
    throw new Error("that was for help");
  }
  return args;
};

describe("set", () => {
  test("keeps the value under the stack's key over one that was there, and prints no value", async () => {
    const { stores, calls } = fakeStores({ PutParameter: () => ({ Version: 7 }) });
    const around = surroundings("s3cret\n");

    const lines = await run(asked("set", "mail-key"), stores, around);

    expect(calls).toEqual([
      [
        "PutParameter",
        {
          Name: "/gallery/dev/mail-key",
          Type: "SecureString",
          KeyId: "alias/gallery-dev-secrets",
          Value: "s3cret",
          Overwrite: true,
        },
      ],
    ]);
    expect(lines).toEqual(["/gallery/dev/mail-key: version 7"]);
    expect([...lines, ...around.told].join("")).not.toContain("s3cret");
  });

  test("tells of a name that was not there before, which may be mistyped", async () => {
    const { stores } = fakeStores({ PutParameter: () => ({ Version: 1 }) });

    expect(await run(asked("set", "mail-kye"), stores, surroundings("v"))).toEqual([
      "/gallery/dev/mail-kye: version 1, the first",
    ]);
  });

  test("puts nothing where there is no value", async () => {
    const { stores, calls } = fakeStores({});

    await expect(run(asked("set", "mail-key"), stores, surroundings("\n"))).rejects.toThrow("is empty");
    expect(calls).toEqual([]);
  });

  test("of a stack without a key says what to deploy", async () => {
    const { stores } = fakeStores({
      PutParameter: () => {
        throw awsError("InvalidKeyId");
      },
    });
    const attempt = run(asked("set", "mail-key"), stores, surroundings("v"));

    await expect(attempt).rejects.toThrow(NoKey);
    await expect(attempt).rejects.toThrow(/no key alias\/gallery-dev-secrets: .*pulumi up --stack dev/);
  });
});

describe("rotate", () => {
  /** The version has the labels one after the other, the last for good. */
  const rotating = (...labels: string[][]) => {
    let described = 0;
    return fakeStores({
      RotateSecret: () => ({ VersionId: "new" }),
      DescribeSecret: () => {
        const now = labels[Math.min(described, labels.length - 1)];
        described += 1;
        return { VersionIdsToStages: { old: ["AWSCURRENT"], new: now } };
      },
    });
  };

  test("waits until the new version is the current one", async () => {
    const { stores, calls } = rotating(["AWSPENDING"], ["AWSPENDING"], ["AWSCURRENT", "AWSPENDING"]);

    const lines = await run(asked("rotate", "mail-signing"), stores, surroundings());

    expect(lines).toEqual(["mail-signing: version new is current"]);
    expect(calls.map(([name]) => name)).toEqual(["RotateSecret", ...Array(3).fill("DescribeSecret")]);
    for (const [, input] of calls) {
      expect(input).toEqual({ SecretId: "gallery/dev/mail-signing" });
    }
  });

  test("after a minute says where to look", async () => {
    const { stores } = rotating(["AWSPENDING"]);
    const around = surroundings();
    const attempt = run(asked("rotate", "mail-signing"), stores, around);

    await expect(attempt).rejects.toThrow(RotationUnfinished);
    await expect(attempt).rejects.toThrow(
      /new is not current after 60 s.*log group \/gallery\/dev\/mail-signing-rotate .*mail-signing-rotate-failed/,
    );
    expect(around.clock.now()).toBe(60_000);
  });

  test.each([
    ["ResourceNotFoundException", UnknownSecret, /no secret gallery\/dev\/a that rotates.* secret -- set a /],
    ["InvalidRequestException", RotationRefused, /gallery\/dev\/a is not rotated: why/],
  ])("refused by %s, it waits for nothing", async (code, kind, message) => {
    const { stores, calls } = fakeStores({
      RotateSecret: () => {
        throw awsError(code, "why");
      },
    });
    const attempt = run(asked("rotate", "a"), stores, surroundings());

    await expect(attempt).rejects.toThrow(kind);
    await expect(attempt).rejects.toThrow(message);
    expect(calls).toHaveLength(1);
  });
});

describe("list", () => {
  const changed = new Date("2026-01-02T03:04:05.000Z");

  test("shows both stores' secrets of the stack, page after page, and asks for no value", async () => {
    const { stores, calls } = fakeStores({
      DescribeParameters: ({ NextToken }) =>
        NextToken === undefined
          ? {
              Parameters: [{ Name: "/gallery/dev/oidc-key", Version: 3, LastModifiedDate: changed }],
              NextToken: "2",
            }
          : { Parameters: [{ Name: "/gallery/dev/mail-key", Version: 12, LastModifiedDate: changed }] },
      ListSecrets: ({ NextToken }) =>
        NextToken === undefined
          ? { SecretList: [{ Name: "gallery/dev/new" }], NextToken: "2" }
          : {
              SecretList: [
                {
                  Name: "gallery/dev/signing",
                  SecretVersionsToStages: { before: ["AWSPREVIOUS"], now: ["AWSCURRENT"] },
                  LastChangedDate: changed,
                },
              ],
            },
    });

    const lines = await run(asked("list"), stores, surroundings());

    expect(lines).toEqual([
      "mail-key  Parameter Store  version 12    2026-01-02T03:04:05.000Z",
      "new       Secrets Manager  no value yet  ",
      "oidc-key  Parameter Store  version 3     2026-01-02T03:04:05.000Z",
      "signing   Secrets Manager  version now   2026-01-02T03:04:05.000Z",
    ]);
    expect([...new Set(calls.map(([name]) => name))].sort()).toEqual(["DescribeParameters", "ListSecrets"]);
    expect(calls).toContainEqual([
      "DescribeParameters",
      expect.objectContaining({
        ParameterFilters: [
          { Key: "Path", Option: "Recursive", Values: ["/gallery/dev"] },
          { Key: "Type", Values: ["SecureString"] },
        ],
      }),
    ]);
    expect(calls).toContainEqual([
      "ListSecrets",
      expect.objectContaining({ Filters: [{ Key: "name", Values: ["gallery/dev/"] }] }),
    ]);
  });

  test("of a stack that has none shows none", async () => {
    const { stores } = fakeStores({ DescribeParameters: () => ({}), ListSecrets: () => ({}) });

    expect(await run(asked("list"), stores, surroundings())).toEqual([]);
  });
});

describe("an operator is told", () => {
  const failing = (error: Error) => {
    const fail = () => {
      throw error;
    };
    return fakeStores({ DescribeParameters: fail, ListSecrets: fail }).stores;
  };

  test.each([
    ["CredentialsProviderError", NotSignedIn, /not signed in.*--local/],
    ["ExpiredTokenException", NotSignedIn, /not signed in/],
    ["UnrecognizedClientException", NotSignedIn, /not signed in/],
    ["AccessDeniedException", NotAllowed, /AWS does not let you do that: why/],
  ])("what %s means", async (code, kind, message) => {
    const attempt = run(asked("list"), failing(awsError(code, "why")), surroundings());

    await expect(attempt).rejects.toThrow(kind);
    await expect(attempt).rejects.toThrow(message);
  });

  test("of a local cloud that has stopped", async () => {
    const gone = awsError("Error", "connect ECONNREFUSED 127.0.0.1:1", "ECONNREFUSED");
    const attempt = run(asked("list", "--local"), failing(gone), surroundings());

    await expect(attempt).rejects.toThrow(NoLocalCloud);
    await expect(attempt).rejects.toThrow(/local cloud of \.local does not answer: start it with npm start/);
  });

  test("of anything else as it is", async () => {
    const other = awsError("InternalServerError");

    await expect(run(asked("list"), failing(other), surroundings())).rejects.toBe(other);
  });
});

test("what an operator is told to type next leads to the same secrets", () => {
  const owner = { name: "gallery", stack: "dev", region: "eu-west-1" };

  const { options } = connect(owner, { local: false, state: ".local" });

  expect(parseArguments(["set", "a", ...options.split(" ")])).toEqual(asked("set", "a"));
});

describe("the local cloud", () => {
  let state: string;
  beforeEach(() => {
    state = fs.mkdtempSync(path.join(os.tmpdir(), "secret-"));
  });
  afterEach(() => fs.rmSync(state, { recursive: true }));
  const write = (outputs: unknown) =>
    fs.writeFileSync(path.join(state, "outputs.json"), JSON.stringify(outputs));

  test("is found by its outputs", () => {
    write({
      eventBusArn: "arn:aws:events:eu-west-3:000000000000:event-bus/g",
      api: "http://127.0.0.1:4711/a/b",
    });

    const owner = { name: "gallery", stack: "dev", region: "eu-west-1" };
    const { options } = connect(owner, { local: true, state });
    expect(parseArguments(["list", ...options.split(" ")])).toEqual(
      asked("list", "--local", "--state", state),
    );
    expect(clientConfig({ local: true, state })).toEqual({
      endpoint: "http://127.0.0.1:4711",
      region: "eu-west-3",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  });

  test("that was never started is missed by its file", () => {
    expect(() => clientConfig({ local: true, state })).toThrow(NoLocalCloud);
    expect(() => clientConfig({ local: true, state })).toThrow(
      /outputs\.json cannot be read: start .*npm start/,
    );
  });

  test("is none of AWS's outputs", () => {
    write({ eventBusArn: "arn:aws:events:eu-west-3:1:event-bus/g", api: "https://a.example/" });

    expect(() => clientConfig({ local: true, state })).toThrow(/names no address of a local cloud/);
  });

  test("is not asked for by default", () => {
    expect(clientConfig({ local: false, state })).toEqual({});
  });
});
