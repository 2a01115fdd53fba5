import type { ClientConfig } from "pg";
import type { Server } from "./server";
import { defaultCallMs } from "./sessions";

/**
 * A PostgreSQL server that runs already, at an address such as `postgres://user:password@localhost:5432/gallery`: its
 * database takes the place of the cluster's, and that user of the master user. What is in it stays.
 */
export class AddressServer implements Server {
  readonly sessions = 20;
  readonly setUp = [];
  readonly prelude = [];

  constructor(private readonly address: string) {}

  connection(): ClientConfig {
    const settings = {
      TimeZone: "UTC",
      DateStyle: "ISO",
      bytea_output: "hex",
      statement_timeout: String(defaultCallMs),
    };
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    return { connectionString: this.address, application_name: "gallery", options: options.join(" ") };
  }

  async stop(): Promise<void> {}
}
