import { encodeCommand } from "./resp";

const NO_AUTH = "-NOAUTH Authentication required.\r\n";
const NO_AUTH_HELLO =
  "-NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time\r\n";

export const WRONG_PASSWORD = "-WRONGPASS invalid username-password pair or user is disabled.\r\n";

/** A client's wish to log in, with whichever command. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** The same command for the server itself, which knows the user by another password. */
  withPassword(password: string): string;
}

/** What a command of a client that has not logged in leads to: a login, or an answer, be it the last one. */
export type Step =
  | { readonly login: Login }
  | { readonly answer: string; readonly ends?: true; readonly login?: undefined };

/** What to do with a command before a login, as Valkey does. */
export function stepOf(command: readonly string[]): Step {
  const [name = "", ...rest] = command;
  switch (name.toUpperCase()) {
    case "AUTH":
      return authStep(command, rest);
    case "HELLO":
      return helloStep(command);
    case "QUIT":
      return { answer: "+OK\r\n", ends: true };
    case "RESET":
      return { answer: "+RESET\r\n" };
    default:
      return { answer: NO_AUTH };
  }
}

function authStep(command: readonly string[], [user, password, ...more]: readonly string[]): Step {
  if (user === undefined) {
    return { answer: "-ERR wrong number of arguments for 'auth' command\r\n" };
  }
  if (password === undefined) {
    return { login: loginAt(command, "default", 1) };
  }
  return more.length > 0 ? { answer: "-ERR syntax error\r\n" } : { login: loginAt(command, user, 2) };
}

/** `HELLO [version [AUTH user password] [SETNAME name]]` */
function helloStep(command: readonly string[]): Step {
  for (let i = 2; i < command.length; i += 1) {
    const option = command[i]?.toUpperCase();
    const user = command[i + 1];
    if (option === "AUTH" && user !== undefined && command[i + 2] !== undefined) {
      return { login: loginAt(command, user, i + 2) };
    }
    if (option !== "SETNAME") {
      return { answer: "-ERR Syntax error in HELLO\r\n" };
    }
    i += 1;
  }
  return { answer: NO_AUTH_HELLO };
}

function loginAt(command: readonly string[], user: string, passwordAt: number): Login {
  return {
    user,
    password: command[passwordAt] ?? "",
    withPassword: (password) => encodeCommand(command.with(passwordAt, password)),
  };
}
