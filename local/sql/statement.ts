import type { Connection, FieldDef, Submittable } from "pg";
import { Failure } from "./failure";
import type { Value } from "./parameter";

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html */
const largestResultBytes = 1024 * 1024;
const largestRowBytes = 64 * 1024;

/** What a statement has given: rows as text, and how many rows it was about. */
export interface Result {
  /** Undefined when it was no query. */
  readonly columns: readonly FieldDef[] | undefined;
  readonly rows: readonly (readonly (string | null)[])[];
  /** As PostgreSQL puts it: `INSERT 0 1`. */
  readonly tag: string;
}

/**
 * One statement with as many sets of values as it is given, in one exchange with the database: all have their effect or,
 * outside of a transaction too, none. It tells each value's type, which the driver's own queries cannot.
 */
export class Statement implements Submittable {
  readonly result: Promise<Result>;
  #columns: readonly FieldDef[] | undefined;
  #rows: (string | null)[][] = [];
  #bytes = 0;
  #largestRow = 0;
  #tag = "";
  #resolve!: (result: Result) => void;
  #reject!: (error: unknown) => void;

  /** @param limited whether a result may have no more than the Data API's. */
  constructor(
    private readonly text: string,
    private readonly sets: readonly (readonly Value[])[],
    private readonly limited = true,
  ) {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: Connection): void {
    let parsed: string | undefined;
    for (const [i, values] of this.sets.entries()) {
      const types = values.map(({ type }) => String(type));
      if (parsed !== types.join()) {
        parsed = types.join();
        connection.parse({ name: "", text: this.text, types }, true);
      }
      connection.bind({ values: values.map(({ content }) => content) }, true);
      if (i === 0) {
        connection.describe({ type: "P" }, true);
      }
      connection.execute(null, true);
    }
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    this.#columns = fields;
  }

  handleDataRow({ fields, length }: { readonly fields: (string | null)[]; readonly length: number }): void {
    this.#bytes += length;
    this.#largestRow = Math.max(this.#largestRow, length);
    if (!this.limited || this.#bytes <= largestResultBytes) {
      this.#rows.push(fields);
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#tag = text;
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  /** Nobody has rows to copy in. The database has overlooked the end of the exchange while it waited for them. */
  handleCopyInResponse(connection: Connection & { sendCopyFail(reason: string): void }): void {
    connection.sendCopyFail("the Data API copies nothing");
    connection.sync();
  }

  handleCopyData(): void {}

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    if (this.limited && this.#largestRow > largestRowBytes) {
      this.#reject(new Failure("UnsupportedResultException", "Packet for query is too large"));
    } else if (this.limited && this.#bytes > largestResultBytes) {
      this.#reject(new Failure("UnsupportedResultException", "Database response exceeded size limit"));
    } else {
      this.#resolve({ columns: this.#columns, rows: this.#rows, tag: this.#tag });
    }
  }
}

/** How many rows a statement has inserted, changed or deleted: a query's tag has those it has read. */
export function updatedBy({ tag }: Result): number {
  const [, command, count = "0"] = /^(\w+)(?: \d+)*? (\d+)$/.exec(tag) ?? [];
  return command === "SELECT" || command === "FETCH" ? 0 : Number(count);
}
