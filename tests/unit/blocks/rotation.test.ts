import type { SecretsManagerRotationEvent } from "aws-lambda";
import * as fc from "fast-check";
import { type Rotation, rotate } from "../../../components/rotation";
import type { RotationClient } from "../../../components/sdk/secrets-manager";

type Step = SecretsManagerRotationEvent["Step"];
const steps: readonly Step[] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

interface Version {
  value?: string;
  readonly labels: Set<string>;
}

const refusal = (name: string) => Object.assign(new Error(name), { name });

/**
 * A secret in memory by the rules of Secrets Manager. `interrupt` is asked before and after each call's effect whether
 * to throw.
 */
function secret({
  interrupt = () => {},
  firstIsCurrent = true,
  keepsPending = true,
}: {
  interrupt?: () => void;
  /** A version is current at once where none was. */
  firstIsCurrent?: boolean;
  /** The current version may still be labelled as the one to come, or not. */
  keepsPending?: boolean;
} = {}) {
  const versions = new Map<string, Version>();
  const holderOf = (label: string) => [...versions].find(([, { labels }]) => labels.has(label))?.[0];
  const move = (label: string, to: string) => {
    const from = holderOf(label);
    if (from === to) {
      return;
    }
    if (from !== undefined) {
      versions.get(from)?.labels.delete(label);
      if (label === "AWSCURRENT") {
        move("AWSPREVIOUS", from);
      }
    }
    versions.get(to)?.labels.add(label);
  };
  const effect = <T>(act: () => T): Promise<T> => {
    const acted = async () => {
      interrupt();
      const answer = act();
      interrupt();
      return answer;
    };
    return acted();
  };
  const client = {
    DescribeSecret: () =>
      effect(() => ({
        VersionIdsToStages: Object.fromEntries([...versions].map(([id, { labels }]) => [id, [...labels]])),
      })),
    GetSecretValue: ({ VersionId, VersionStage }: { VersionId: string; VersionStage: string }) =>
      effect(() => {
        const { value, labels } = versions.get(VersionId) ?? {};
        if (value === undefined || !labels?.has(VersionStage)) {
          throw refusal("ResourceNotFoundException");
        }
        return { SecretString: value };
      }),
    PutSecretValue: (put: { ClientRequestToken: string; SecretString: string; VersionStages: string[] }) =>
      effect(() => {
        const version = versions.get(put.ClientRequestToken) ?? { labels: new Set<string>() };
        if (version.value !== undefined && version.value !== put.SecretString) {
          throw refusal("ResourceExistsException");
        }
        version.value = put.SecretString;
        versions.set(put.ClientRequestToken, version);
        const first = firstIsCurrent && holderOf("AWSCURRENT") === undefined ? ["AWSCURRENT"] : [];
        for (const label of [...put.VersionStages, ...first]) {
          move(label, put.ClientRequestToken);
        }
      }),
    UpdateSecretVersionStage: (update: {
      VersionStage: string;
      MoveToVersionId: string;
      RemoveFromVersionId?: string;
    }) =>
      effect(() => {
        if (holderOf(update.VersionStage) !== update.RemoveFromVersionId) {
          throw refusal("InvalidParameterException");
        }
        move(update.VersionStage, update.MoveToVersionId);
        if (!keepsPending) {
          versions.get(update.MoveToVersionId)?.labels.delete("AWSPENDING");
        }
      }),
  };
  return {
    client: client as unknown as RotationClient,
    /** What RotateSecret does before it calls the function. */
    begin: (token: string) => {
      versions.set(token, { labels: new Set() });
      move("AWSPENDING", token);
    },
    current: () => {
      const id = holderOf("AWSCURRENT");
      return { id, value: id === undefined ? undefined : versions.get(id)?.value };
    },
    previous: () => holderOf("AWSPREVIOUS"),
  };
}

/** Who has to know the value too: takes the last one and the one before. */
function partner() {
  const known: string[] = [];
  let made = 0;
  const rotation: Rotation & { readonly check: jest.Mock } = {
    make: () => {
      made += 1;
      return `value ${made}`;
    },
    install: async (value) => {
      if (known[0] !== value) {
        known.unshift(value);
        known.splice(2);
      }
    },
    check: jest.fn(async (value: string) => {
      if (!known.includes(value)) {
        throw new Error(`${value} is not known`);
      }
    }),
  };
  return { rotation, known };
}

const stepOf = (token: string, Step: Step): SecretsManagerRotationEvent => ({
  Step,
  SecretId: "arn",
  ClientRequestToken: token,
});

async function rotateOnce(
  held: ReturnType<typeof secret>,
  { rotation }: ReturnType<typeof partner>,
  token: string,
) {
  held.begin(token);
  for (const step of steps) {
    await rotate(held.client, rotation)(stepOf(token, step));
  }
}

test.each([true, false])(
  "a secret gets its first value by its first rotation, and the partner knows it (current at once: %p)",
  async (firstIsCurrent) => {
    const held = secret({ firstIsCurrent });
    const other = partner();

    await rotateOnce(held, other, "one");

    expect(held.current()).toEqual({ id: "one", value: "value 1" });
    expect(other.known).toEqual(["value 1"]);
    expect(other.rotation.check).toHaveBeenCalledWith("value 1");
  },
);

test("the value before counts until the last step, and is the previous one then", async () => {
  const held = secret();
  const other = partner();
  await rotateOnce(held, other, "one");
  held.begin("two");

  for (const step of steps.slice(0, 3)) {
    await rotate(held.client, other.rotation)(stepOf("two", step));
    expect(held.current().id).toBe("one");
  }
  await rotate(held.client, other.rotation)(stepOf("two", "finishSecret"));

  expect(held.current()).toEqual({ id: "two", value: "value 2" });
  expect(held.previous()).toBe("one");
});

test("a value that does not work ends the rotation before it counts", async () => {
  const held = secret();
  const other = partner();
  await rotateOnce(held, other, "one");
  other.rotation.check.mockRejectedValue(new Error("refused"));

  await expect(rotateOnce(held, other, "two")).rejects.toThrow("refused");

  expect(held.current().id).toBe("one");
});

test("nothing is tried of a rotation that has no check", async () => {
  const held = secret();
  const { rotation } = partner();
  held.begin("one");

  await rotate(held.client, rotation)(stepOf("one", "createSecret"));

  await expect(
    rotate(held.client, { ...rotation, check: undefined })(stepOf("one", "testSecret")),
  ).resolves.toBe(undefined);
});

test("a step before there is a value says what is missing", async () => {
  const held = secret();
  held.begin("one");

  await expect(rotate(held.client, partner().rotation)(stepOf("one", "setSecret"))).rejects.toThrow(
    "Version one of the secret has no value: has createSecret run?",
  );
});

test("an error of Secrets Manager is no missing value", async () => {
  const { client } = secret();
  const GetSecretValue = async () => {
    throw refusal("AccessDeniedException");
  };
  const DescribeSecret = async () => ({ $metadata: {}, VersionIdsToStages: { one: ["AWSPENDING"] } });

  await expect(
    rotate({ ...client, DescribeSecret, GetSecretValue }, partner().rotation)(stepOf("one", "createSecret")),
  ).rejects.toThrow("AccessDeniedException");
});

test.each(steps)("%s of an earlier rotation, come late, changes nothing", async (step) => {
  const held = secret({ keepsPending: false });
  const other = partner();
  await rotateOnce(held, other, "one");
  await rotateOnce(held, other, "two");
  const known = [...other.known];

  await expect(rotate(held.client, other.rotation)(stepOf("one", step))).rejects.toThrow(
    /is not the one to come/,
  );

  expect(held.current().id).toBe("two");
  expect(other.known).toEqual(known);
});

test("however steps are repeated and interrupted, the current value is one that the partner takes", async () => {
  const course = fc.record({
    firstIsCurrent: fc.boolean(),
    keepsPending: fc.boolean(),
    rotations: fc.integer({ min: 1, max: 3 }),
    /** Of the interruptions that may be, those that are. */
    interruptions: fc.infiniteStream(fc.integer({ min: 0, max: 5 }).map((dice) => dice === 0)),
    /** How many of the steps before come once more with each step. */
    again: fc.infiniteStream(fc.nat({ max: 3 })),
  });
  await fc.assert(
    fc.asyncProperty(course, async ({ rotations, interruptions, again, ...rules }) => {
      let isCalm = false;
      const held = secret({
        ...rules,
        interrupt: () => {
          if (!isCalm && interruptions.next().value) {
            throw refusal("InternalServiceError");
          }
        },
      });
      const other = partner();
      const act = rotate(held.client, other.rotation);
      for (let count = 1; count <= rotations; count += 1) {
        const token = `version ${count}`;
        held.begin(token);
        const values = new Set<string>();
        for (const [index, step] of steps.entries()) {
          const repeated = steps.slice(Math.max(0, index - Number(again.next().value)), index);
          for (const each of [...repeated, step, step]) {
            isCalm = false;
            await act(stepOf(token, each)).catch(() => {
              // Secrets Manager tries again.
              isCalm = true;
              return act(stepOf(token, each));
            });
            const { id, value } = held.current();
            // Before the partner has been told of the first value of all, nobody can know it.
            const isTold = other.known.length > 0 && value !== undefined;
            expect(!isTold || other.known.includes(value)).toBe(true);
            if (id === token && value !== undefined) {
              values.add(value);
            }
          }
        }
        expect(held.current()).toEqual({ id: token, value: other.known[0] });
        expect(values.size).toBe(1);
      }
    }),
    { numRuns: 300 },
  );
});
