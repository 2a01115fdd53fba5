import { namedError } from "../../../handlers/named-error";

test("an error is known by the name it was given, and keeps its message and stack", () => {
  const error = namedError("MailUnavailable", "the mail service answered 503");

  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe("MailUnavailable");
  expect(error.message).toBe("the mail service answered 503");
  expect(error.stack).toContain("named-error.test.ts");
});
