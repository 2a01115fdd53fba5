import * as pulumi from "@pulumi/pulumi";

/** Something was added to a resource that is described already. */
export class TooLate extends pulumi.RunError {}

/** What a program adds, line by line, to a resource that must name all of it at once, as a stage does its routes. */
export class Additions<T> {
  private readonly items: T[] = [];
  private closed = false;

  constructor(private readonly owner: string) {}

  /** @throws TooLate */
  checkOpen(name: string, method: string): void {
    if (this.closed) {
      throw new TooLate(
        `${name}: ${method}() comes too late, ${this.owner} is described already; ` +
          "call it while the program runs, not in apply() or after an await",
      );
    }
  }

  add(item: T): void {
    this.items.push(item);
  }

  /** Everything, once the program has run. */
  async all(): Promise<readonly T[]> {
    await new Promise((resolve) => setImmediate(resolve));
    this.closed = true;
    return this.items;
  }
}
