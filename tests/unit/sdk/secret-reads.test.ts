import * as sm from "@aws-sdk/client-secrets-manager";
import * as ssm from "@aws-sdk/client-ssm";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { bind } from "../../../components/sdk/bind";
import { secretMethods } from "../../../components/sdk/secrets-manager";
import { parameterMethods } from "../../../components/sdk/ssm";

const environment = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s" };
beforeAll(() => Object.assign(process.env, environment));
afterAll(() => {
  for (const name of Object.keys(environment)) {
    delete process.env[name];
  }
});

let sent: Record<string, unknown>[] = [];
let answer: (input: Record<string, unknown>) => object = () => ({});
/** Makes the clients of a service answer what the test says. */
function answering(client: { prototype: { send: unknown } }) {
  const send = async (command: { input: Record<string, unknown> }) => {
    sent.push(command.input);
    return answer(command.input);
  };
  jest.spyOn(client.prototype as { send: typeof send }, "send").mockImplementation(send);
}
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate"] });
  sent = [];
  answering(ssm.SSMClient);
  answering(sm.SecretsManagerClient);
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});
const pass = (seconds: number) => jest.setSystemTime(Date.now() + seconds * 1000);

// What is read is kept for as long as the module is there: each test has secrets of its own.
let count = 0;
function fresh() {
  count += 1;
  return `secret-${count}`;
}
function parameter() {
  const name = fresh();
  const client = bind(parameterMethods, {
    owner: `secret "${name}"`,
    name,
    arn: pulumi.output(`arn:${name}`),
    target: { Name: `/gallery/dev/${name}`, SetBy: `npm run secret -- set ${name} --stack dev` },
  });
  return { name: `/gallery/dev/${name}`, client };
}
function secret() {
  const name = fresh();
  const client = bind(secretMethods, {
    owner: `secret "${name}"`,
    name,
    arn: pulumi.output(`arn:${name}`),
    target: { SecretId: name, RotateBy: `npm run secret -- rotate ${name} --stack dev` },
  });
  return { name, client };
}

const kinds = [
  {
    kind: "of Parameter Store",
    make: parameter,
    value: (text: string) => ({ Parameter: { Value: text } }),
    missing: () => new ssm.ParameterNotFound({ $metadata: {}, message: "none" }),
    hint: (name: string) =>
      `The secret ${name} is not set. Set it with: npm run secret -- set ${name.split("/").at(-1)} --stack dev`,
  },
  {
    kind: "of Secrets Manager",
    make: secret,
    value: (text: string) => ({ SecretString: text }),
    missing: () => new sm.ResourceNotFoundException({ $metadata: {}, message: "none" }),
    hint: (name: string) =>
      `The secret ${name} has no value yet. Make one with: npm run secret -- rotate ${name} --stack dev`,
  },
];

describe.each(kinds)("a secret $kind", ({ make, value, missing, hint }) => {
  test("is read once a minute, however often it is asked for", async () => {
    const { client } = make();
    answer = () => value("one");

    expect([await client.Read({}), await client.Read({})]).toEqual(["one", "one"]);
    pass(59);
    answer = () => value("two");
    expect(await client.Read({})).toBe("one");
    expect(sent).toHaveLength(1);

    pass(1);
    expect(await client.Read({})).toBe("two");
  });

  test("is read anew for who takes no kept value, which then serves others as well", async () => {
    const { client } = make();
    answer = () => value("one");
    await client.Read({});
    answer = () => value("two");

    expect(await client.Read({ maxAgeSeconds: 0 })).toBe("two");

    expect(await client.Read({})).toBe("two");
    expect(sent).toHaveLength(2);
  });

  test("is never older than who asks will take, whatever others have asked before", async () => {
    const step = fc.record({
      pauseSeconds: fc.integer({ min: 0, max: 40 }),
      maxAgeSeconds: fc.constantFrom(undefined, 0, 1, 5, 30, 60, 100_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1 }), async (steps) => {
        const { client } = make();
        answer = () => value(String(Date.now()));
        for (const { pauseSeconds, maxAgeSeconds } of steps) {
          pass(pauseSeconds);

          const read = Number(await client.Read({ maxAgeSeconds }));

          expect(Date.now() - read).toBeLessThanOrEqual((maxAgeSeconds ?? 60) * 1000);
        }
      }),
    );
  });

  test("that has no value is told by name, with the command that gives it one, and asked for again", async () => {
    const { name, client } = make();
    answer = () => {
      throw missing();
    };

    await expect(client.Read({})).rejects.toMatchObject({ name: "SecretMissing", message: hint(name) });

    answer = () => value("set");
    expect(await client.Read({})).toBe("set");
  });

  test("that cannot be read fails by the service's own error", async () => {
    const { client } = make();
    const denied = Object.assign(new Error("not authorized to perform"), { name: "AccessDeniedException" });
    answer = () => {
      throw denied;
    };

    await expect(client.Read({})).rejects.toBe(denied);
  });

  test("is not another", async () => {
    const [one, two] = [make(), make()];
    answer = (input) => value(String(input.Name ?? input.SecretId));

    expect([await one.client.Read({}), await two.client.Read({})]).toEqual([one.name, two.name]);
  });
});

test("a parameter is read decrypted, by its name", async () => {
  const { name, client } = parameter();
  answer = () => ({ Parameter: { Value: "v" } });

  await client.Read({});

  expect(sent).toEqual([{ Name: name, WithDecryption: true }]);
});

describe("stages of a secret", () => {
  test("are kept apart, and the current one is what is read by default", async () => {
    const { name, client } = secret();
    answer = ({ VersionStage }) => ({ SecretString: String(VersionStage) });

    expect(await client.Read({ stage: "AWSPREVIOUS" })).toBe("AWSPREVIOUS");
    expect(await client.Read({})).toBe("AWSCURRENT");
    expect(await client.Read({ stage: "AWSPREVIOUS" })).toBe("AWSPREVIOUS");

    expect(sent).toEqual([
      { SecretId: name, VersionStage: "AWSPREVIOUS" },
      { SecretId: name, VersionStage: "AWSCURRENT" },
    ]);
  });

  test.each(["AWSPENDING", "AWSPREVIOUS"] as const)(
    "a secret without %s is none without a value",
    async (stage) => {
      const { client } = secret();
      answer = () => {
        throw new sm.ResourceNotFoundException({ $metadata: {}, message: "none" });
      };

      expect(await client.Read({ stage })).toBeUndefined();
    },
  );
});
