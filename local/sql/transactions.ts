import { randomBytes } from "node:crypto";
import { Failure } from "./failure";
import type { Session } from "./sessions";

/** @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_BeginTransaction.html */
const idleMs = 180_000;
const longestMs = 24 * 3600 * 1000;

/** As long as those of AWS, 184 characters. */
const idBytes = 138;

interface Transaction {
  readonly session: Session;
  readonly database: string;
  readonly endsBy: number;
  isInUse: boolean;
  idle?: NodeJS.Timeout;
}

/** The transactions of one cluster. One that nobody uses for 3 minutes, or that is 24 hours old, is rolled back. */
export class Transactions {
  readonly #open = new Map<string, Transaction>();

  /** @param unusedMs after which one is rolled back. */
  constructor(private readonly unusedMs = idleMs) {}

  /** Takes up a session in which one has begun; answers its id. */
  add(session: Session, database: string): string {
    const id = randomBytes(idBytes).toString("base64");
    const transaction = { session, database, endsBy: Date.now() + longestMs, isInUse: false };
    this.#open.set(id, transaction);
    this.#wait(id, transaction);
    return id;
  }

  /**
   * Does work within a transaction.
   * @param database as the call names it; undefined, that of the transaction.
   * @throws Failure when it is over, or busy with another call.
   */
  async use<T>(id: string, database: string | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    const transaction = this.#find(id);
    if (database !== undefined && database !== transaction.database) {
      throw new Failure("BadRequestException", "Database name is not the same as transaction");
    }
    transaction.isInUse = true;
    clearTimeout(transaction.idle);
    try {
      return await work(transaction.session);
    } finally {
      transaction.isInUse = false;
      this.#wait(id, transaction);
    }
  }

  /** Takes a transaction out; the caller ends it and releases its session. */
  remove(id: string): Session {
    const { session } = this.#find(id);
    this.#drop(id);
    return session;
  }

  /** Rolls all back. */
  stop(): void {
    for (const id of [...this.#open.keys()]) {
      this.#drop(id)?.release();
    }
  }

  #find(id: string): Transaction {
    const transaction = this.#open.get(id);
    if (!transaction) {
      throw new Failure("TransactionNotFoundException", `Transaction ${id} is not found`, 404);
    }
    if (transaction.isInUse || transaction.session.isBusy) {
      throw new Failure("DatabaseErrorException", "Transaction is still running a query");
    }
    return transaction;
  }

  #wait(id: string, transaction: Transaction): void {
    if (this.#open.get(id) !== transaction) {
      return;
    }
    const left = Math.min(this.unusedMs, transaction.endsBy - Date.now());
    transaction.idle = setTimeout(() => this.#drop(id)?.release(), left).unref();
  }

  #drop(id: string): Session | undefined {
    const transaction = this.#open.get(id);
    this.#open.delete(id);
    clearTimeout(transaction?.idle);
    return transaction?.session;
  }
}
