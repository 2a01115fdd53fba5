import { isPassing, patiently } from "../../../../components/sdk/sql/retry";

const named = (name: string, message = "") => Object.assign(new Error(message), { name, $fault: "client" });
const resuming = () =>
  named("DatabaseResumingException", "The Aurora DB instance db-1 is resuming after being auto-paused.");

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Runs the work with a clock that goes on by itself; answers how long it took by that clock. */
async function timed<T>(
  work: () => Promise<T>,
): Promise<{ outcome: PromiseSettledResult<T>; seconds: number }> {
  const start = Date.now();
  const settled = Promise.allSettled([work()]);
  await jest.runAllTimersAsync();
  const [outcome] = await settled;
  return { outcome, seconds: (Date.now() - start) / 1000 };
}

test("a database that comes up in time is waited for, with pauses that grow to 2 s", async () => {
  const times: number[] = [];
  const start = Date.now();
  const { outcome } = await timed(() =>
    patiently(20, async () => {
      times.push(Date.now() - start);
      if (times.length < 7) {
        throw resuming();
      }
      return "rows";
    }),
  );

  expect(outcome).toEqual({ status: "fulfilled", value: "rows" });
  expect(times).toEqual([0, 250, 750, 1750, 3750, 5750, 7750]);
});

test("one that does not is given up within the time, with when to come again and why", async () => {
  const { outcome, seconds } = await timed(() => patiently(20, () => Promise.reject(resuming())));

  expect(seconds).toBeLessThanOrEqual(20);
  expect(seconds).toBeGreaterThan(17);
  expect(outcome).toMatchObject({
    status: "rejected",
    reason: {
      name: "DatabaseUnavailable",
      retryAfterSeconds: 15,
      message: expect.stringContaining("auto-paused"),
    },
  });
});

test("what will not pass is thrown at once", async () => {
  const { outcome, seconds } = await timed(() =>
    patiently(20, () =>
      Promise.reject(named("DatabaseErrorException", 'ERROR: relation "t" does not exist; SQLState: 42P01')),
    ),
  );

  expect(outcome).toMatchObject({ status: "rejected", reason: { name: "DatabaseErrorException" } });
  expect(seconds).toBe(0);
});

test.each([
  ["DatabaseResumingException", "", true],
  ["DatabaseUnavailableException", "", true],
  [
    "DatabaseErrorException",
    "FATAL: terminating connection due to administrator command; SQLState: 57P01",
    true,
  ],
  ["BadRequestException", "Communications link failure", true],
  ["DatabaseErrorException", "ERROR: division by zero; SQLState: 22012", false],
  ["ForbiddenException", "", false],
  ["CommitUnknown", "Whether a transaction was committed is not known.", false],
])("%s %s passes: %s", (name, message, passes) => {
  expect(isPassing(named(name, message))).toBe(passes);
});

test("what a transaction's own work says of a connection is not the database's", () => {
  expect(isPassing(new Error("connection refused"))).toBe(false);
});
