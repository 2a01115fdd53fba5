import { stepOf } from "../../../local/cache/handshake";
import { encodeCommand } from "../../../local/cache/resp";

test.each([
  [["AUTH", "reader", "token"], "reader"],
  [["auth", "token"], "default"],
  [["HELLO", "3", "AUTH", "reader", "token"], "reader"],
  [["hello", "3", "auth", "reader", "token", "SETNAME", "insights"], "reader"],
  [["HELLO", "2", "SETNAME", "AUTH", "AUTH", "reader", "token"], "reader"],
])("%j is a login, which the server gets with its own password", (command, user) => {
  const { login } = stepOf(command);

  expect(login).toMatchObject({ user, password: "token" });
  expect(login?.withPassword("other")).toBe(
    encodeCommand(command.map((part) => (part === "token" ? "other" : part))),
  );
});

test.each([
  [["GET", "views"], "-NOAUTH Authentication required.\r\n"],
  [["CLIENT", "SETINFO", "LIB-NAME", "iovalkey"], "-NOAUTH Authentication required.\r\n"],
  [["HELLO"], expect.stringMatching(/^-NOAUTH HELLO must be called/)],
  [["HELLO", "3", "SETNAME", "insights"], expect.stringMatching(/^-NOAUTH HELLO must be called/)],
  [["HELLO", "3", "AUTH", "reader"], expect.stringMatching(/^-ERR Syntax error/)],
  [["AUTH"], expect.stringMatching(/^-ERR wrong number/)],
  [["AUTH", "reader", "token", "more"], expect.stringMatching(/^-ERR syntax error/)],
  [["RESET"], "+RESET\r\n"],
])("%j is answered before a login", (command, answer) => {
  expect(stepOf(command)).toEqual({ answer });
});

test("a client may leave before a login", () => {
  expect(stepOf(["QUIT"])).toEqual({ answer: "+OK\r\n", ends: true });
});
