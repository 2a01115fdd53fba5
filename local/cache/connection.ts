import type { Duplex } from "node:stream";
import { type Login, stepOf, WRONG_PASSWORD } from "./handshake";
import { CommandReader, ProtocolError } from "./resp";

/** How caches behave: as they should, unreachable, silent, or as if something else listened at their address. */
export type Mode = "up" | "down" | "hang" | "garbage";

const GARBAGE = Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n\0\xff\xfe", "latin1");

/** A server that a client may log in to. */
export interface Opened {
  readonly server: Duplex;
  /** What the server knows the user by. */
  readonly password: string;
}

/**
 * A client's connection. Until it has logged in, its commands are read and answered here; from then on its bytes go to
 * the server and back unread, so that a later `AUTH` is the server's to answer, which knows no token.
 */
export class Connection {
  readonly #reader = new CommandReader();
  #server: Duplex | undefined;
  #mode: Mode;
  #isReading = false;

  /** @param open what the client may log in to; undefined for a wrong password. */
  constructor(
    private readonly client: Duplex,
    mode: Mode,
    private readonly open: (login: Login) => Promise<Opened | undefined>,
  ) {
    this.#mode = mode;
    client.on("data", this.#read);
    client.on("error", () => client.destroy());
    client.on("close", () => this.#server?.destroy());
    this.#behave();
  }

  /** One that has been sent garbage, or is to be unreachable, ends. */
  set mode(mode: Mode) {
    if (mode === this.#mode) {
      return;
    }
    const ends = mode === "down" || (this.#mode === "garbage" && mode !== "garbage");
    this.#mode = mode;
    if (ends) {
      this.client.destroy();
    } else {
      this.#behave();
    }
  }

  #behave(): void {
    const { client } = this;
    const server = this.#server;
    if (server && this.#mode === "up") {
      client.pipe(server).pipe(client);
    } else if (server) {
      client.unpipe(server);
      server.unpipe(client);
    }
    if (this.#mode === "hang") {
      client.pause();
    } else {
      client.resume();
    }
  }

  readonly #read = (chunk: Buffer): void => {
    if (this.#mode === "garbage") {
      this.client.write(GARBAGE);
    } else if (!this.#server) {
      this.#reader.push(chunk);
      void this.#advance();
    }
  };

  /** Deals with what has arrived, command by command, each when the one before it is answered. */
  async #advance(): Promise<void> {
    if (this.#isReading) {
      return;
    }
    this.#isReading = true;
    try {
      for (let command = this.#reader.next(); command; command = this.#reader.next()) {
        const step = stepOf(command);
        if (step.login) {
          await this.#logIn(step.login);
          if (this.#server) return;
        } else {
          this.#answer(step.answer);
          if (step.ends) this.client.end();
        }
      }
    } catch (error) {
      if (error instanceof ProtocolError) this.#answer(`-ERR ${error.message}\r\n`);
      this.client.end();
    } finally {
      this.#isReading = false;
    }
  }

  async #logIn(login: Login): Promise<void> {
    const opened = await this.open(login);
    if (!opened) {
      this.#answer(WRONG_PASSWORD);
      return;
    }
    const { server, password } = opened;
    server.on("error", () => server.destroy());
    server.on("close", () => this.client.end());
    server.write(login.withPassword(password));
    server.write(this.#reader.rest);
    this.#server = server;
    if (this.client.destroyed) {
      server.destroy();
    } else {
      this.#behave();
    }
  }

  #answer(text: string): void {
    if (this.#mode === "up" && this.client.writable) {
      this.client.write(text);
    }
  }
}
