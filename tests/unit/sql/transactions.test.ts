import type { Session } from "../../../local/sql/sessions";
import { Transactions } from "../../../local/sql/transactions";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const idleMs = 180_000;

function session() {
  const released = jest.fn();
  return { session: { isBusy: false, release: released } as unknown as Session, released };
}

test("one that nobody uses for three minutes is rolled back, and not found afterwards", async () => {
  const { session: own, released } = session();
  const transactions = new Transactions();
  const id = transactions.add(own, "gallery");

  jest.advanceTimersByTime(idleMs - 1);
  await transactions.use(id, undefined, async () => {});
  jest.advanceTimersByTime(idleMs - 1);
  const before = released.mock.calls.length;
  jest.advanceTimersByTime(1);

  expect([before, released.mock.calls.length]).toEqual([0, 1]);
  expect(id).toHaveLength(184);
  expect(() => transactions.remove(id)).toThrow(
    expect.objectContaining({ code: "TransactionNotFoundException", status: 404 }),
  );
});

test("one that is in use does not end, and has no room for a second call", async () => {
  const { session: own, released } = session();
  const transactions = new Transactions();
  const id = transactions.add(own, "gallery");
  let end = () => {};
  const use = transactions.use(id, "gallery", () => new Promise<void>((resolve) => (end = resolve)));

  const second = transactions.use(id, "gallery", async () => {});
  jest.advanceTimersByTime(2 * idleMs);

  await expect(second).rejects.toThrow("Transaction is still running a query");
  expect(released).not.toHaveBeenCalled();
  end();
  await use;
  expect(transactions.remove(id)).toBe(own);
});

test("one does not last longer than a day, however often it is used", async () => {
  const { session: own, released } = session();
  const transactions = new Transactions();
  const id = transactions.add(own, "gallery");

  for (let used = 0; used < 24 * 3600 * 1000; used += idleMs / 2) {
    await transactions.use(id, undefined, async () => {});
    jest.advanceTimersByTime(idleMs / 2);
  }

  expect(released).toHaveBeenCalledTimes(1);
});

test("a call that names another database is refused", async () => {
  const transactions = new Transactions();
  const id = transactions.add(session().session, "gallery");

  const use = transactions.use(id, "other", async () => {});

  await expect(use).rejects.toThrow("Database name is not the same as transaction");
  transactions.stop();
});

test("all are rolled back when the cloud stops", () => {
  const one = session();
  const other = session();
  const transactions = new Transactions();
  transactions.add(one.session, "gallery");
  transactions.add(other.session, "gallery");

  transactions.stop();

  expect(one.released).toHaveBeenCalledTimes(1);
  expect(other.released).toHaveBeenCalledTimes(1);
});
