import { Callers, userOf } from "../../../local/front-door/caller";

const FUNCTION_ARN = "arn:aws:lambda:eu-west-1:000000000000:function:list";
const ROLE_ARN = "arn:aws:iam::000000000000:role/service/list-role";
/** sha256 of `<function ARN>:<role ARN>`, first 16 hex digits. */
const KEY = "ASIA28A06E873ABDDD03";

test.each(["test", "123456789012"])("root key %s is the deployer", (key) => {
  expect(new Callers().name(key)).toEqual({ name: "deployer" });
});

test("a learnt session is its function under its role", () => {
  const callers = new Callers();
  callers.learn(FUNCTION_ARN, ROLE_ARN);

  expect(callers.name(KEY)).toEqual({ name: "list", function: "list", role: "list-role" });
});

test("a version is the same function", () => {
  const callers = new Callers();
  callers.learn(`${FUNCTION_ARN}:7`, ROLE_ARN);

  expect(callers.name("ASIACFAADDF56D1AA228").name).toBe("list");
});

test("an unknown key stays as it is", () => {
  expect(new Callers().name(KEY)).toEqual({ name: KEY });
});

test("no key is anonymous", () => {
  expect(new Callers().name(undefined)).toEqual({ name: "anonymous" });
});

test("the account is the key's, the function's, or the default", () => {
  const callers = new Callers("111111111111");
  callers.learn(FUNCTION_ARN, ROLE_ARN);

  expect(callers.accountOf("222222222222")).toBe("222222222222");
  expect(callers.accountOf(KEY)).toBe("000000000000");
  expect(callers.accountOf("test")).toBe("111111111111");
  expect(callers.accountOf(undefined)).toBe("111111111111");
});

describe("the user of an API request", () => {
  const token = (payload: unknown) =>
    `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.signature`;

  test("is the token's subject, with or without Bearer", () => {
    expect(userOf(`Bearer ${token({ sub: "ada" })}`)).toEqual({ name: "ada" });
    expect(userOf(token({ sub: "ada" }))).toEqual({ name: "ada" });
  });

  test.each([undefined, "Basic YTpi", "Bearer a.b.c", `Bearer ${token({})}`, `Bearer ${token({ sub: 7 })}`])(
    "%s is anonymous",
    (authorization) => {
      expect(userOf(authorization)).toEqual({ name: "anonymous" });
    },
  );

  test("is shown shortened when it is very long", () => {
    expect(userOf(token({ sub: "x".repeat(1000) })).name).toHaveLength(128);
  });
});
