import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import * as fc from "fast-check";
import { list } from "../../../handlers/users/list-users";
import { refresh } from "../../../handlers/users/refresh-tokens";
import { asAdmin, type CognitoError, callAs, refusing, userPool } from "./user-cloud";

describe("refresh", () => {
  const body = { refreshToken: "r" };
  const tokens = { AccessToken: "a", IdToken: "i", ExpiresIn: 3600, TokenType: "Bearer" };

  test("answers new tokens to anybody who has a refresh token, uncached", async () => {
    const pool = userPool({ RefreshTokens: () => ({ AuthenticationResult: tokens }) });

    const answer = await callAs(refresh(pool.client), { body });

    expect(answer).toEqual({
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: { accessToken: "a", idToken: "i", expiresIn: 3600, tokenType: "Bearer" },
    });
    expect(pool.calls).toEqual([["RefreshTokens", { refreshToken: "r" }]]);
  });

  test.each<CognitoError>(["NotAuthorizedException", "UserNotFoundException", "InvalidParameterException"])(
    "401 where the pool answers %s, without saying which",
    async (error) => {
      const pool = userPool({ RefreshTokens: refusing(error) });

      const { status, body: problem } = await callAs(refresh(pool.client), { body });

      expect(status).toBe(401);
      expect(problem.detail).toBe("The refresh token is not valid, or no longer; sign in again.");
    },
  );

  test.each([
    ["PreTokenGeneration failed with error The account is being removed..", 401],
    ["PreTokenGeneration failed with error It did not work just now.", 503],
  ])("where the trigger says %j: %d", async (message, status) => {
    const pool = userPool({
      RefreshTokens: async () => {
        throw new cognito.UserLambdaValidationException({ message, $metadata: {} });
      },
    });

    expect((await callAs(refresh(pool.client), { body })).status).toBe(status);
  });

  test("an error of the pool is thrown", async () => {
    const pool = userPool({ RefreshTokens: refusing("TooManyRequestsException") });

    await expect(callAs(refresh(pool.client), { body })).rejects.toThrow("TooManyRequestsException");
  });

  test.each([
    {},
    { refreshToken: "" },
    { refreshToken: "x".repeat(8193) },
    { refreshToken: "r", clientId: "c" },
  ])("%j is refused before the pool is asked", async (wrong) => {
    const pool = userPool();

    expect((await callAs(refresh(pool.client), { body: wrong })).status).toBe(400);
    expect(pool.calls).toEqual([]);
  });
});

describe("list", () => {
  const createdAt = new Date("2026-01-02T03:04:05.000Z");

  test("answers users as the pool knows them, and where the next page begins", async () => {
    const pool = userPool({
      ListUsers: () => ({
        PaginationToken: "next",
        Users: [
          {
            Username: "Google_1",
            Enabled: true,
            UserStatus: "EXTERNAL_PROVIDER",
            UserCreateDate: createdAt,
            Attributes: [
              { Name: "sub", Value: "ann" },
              { Name: "email", Value: "ann@photos.example" },
              { Name: "email_verified", Value: "true" },
              { Name: "phone_number", Value: "+441632960000" },
            ],
          },
          { Username: "bob", Enabled: false },
        ],
      }),
    });

    const { status, body } = await callAs(list(pool.client), asAdmin());

    expect(status).toBe(200);
    expect(body).toEqual({
      cursor: "next",
      users: [
        {
          user: "ann",
          email: "ann@photos.example",
          emailVerified: true,
          status: "EXTERNAL_PROVIDER",
          enabled: true,
          createdAt: "2026-01-02T03:04:05.000Z",
        },
        { user: "bob", emailVerified: false, enabled: false },
      ],
    });
    expect(pool.calls).toEqual([["ListUsers", { Limit: 20 }]]);
  });

  test("passes on how many, from where and whom", async () => {
    const pool = userPool();

    await callAs(list(pool.client), asAdmin({ query: { limit: "60", cursor: "next", email: "ann@" } }));

    expect(pool.calls).toEqual([
      ["ListUsers", { Limit: 60, PaginationToken: "next", Filter: 'email ^= "ann@"' }],
    ]);
  });

  test("whatever the beginning of an address is, the filter asks for it and nothing else", async () => {
    const email = fc.oneof(
      fc.string({ minLength: 1, maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('"', "\\", " ", "a", "="), minLength: 1, maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(email, async (text) => {
        const pool = userPool();

        await callAs(list(pool.client), asAdmin({ query: { email: text } }));

        const [, { Filter }] = pool.calls[0] as [string, { Filter: string }];
        // A text of the filter's language: it ends at the first quote that no backslash stands before.
        const [whole, content = ""] = /^email \^= "((?:[^"\\]|\\["\\])*)"/.exec(Filter) ?? [];
        expect(whole).toBe(Filter);
        expect(content.replace(/\\(.)/g, "$1")).toBe(text);
      }),
    );
  });

  test.each([
    ["a cursor of its own making", { cursor: "x" }, "query/cursor"],
    ["a cursor beside an address", { cursor: "x", email: "a" }, "query/cursor"],
    ["an address that the pool does not look for", { email: "\\" }, "query/email"],
  ])("400 for %s, with its place", async (_, query, at) => {
    const pool = userPool({ ListUsers: refusing("InvalidParameterException") });

    const { status, body } = await callAs(list(pool.client), asAdmin({ query }));

    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ at }]);
  });

  test.each<[CognitoError, object]>([
    ["InvalidParameterException", {}],
    ["TooManyRequestsException", { cursor: "x" }],
  ])("%s is thrown where nothing that was sent is to blame", async (error, query) => {
    const pool = userPool({ ListUsers: refusing(error) });

    await expect(callAs(list(pool.client), asAdmin({ query: { ...query } }))).rejects.toThrow(error);
  });

  test.each<Record<string, string>>([
    { limit: "0" },
    { limit: "61" },
    { limit: "all" },
    { email: "" },
    { filter: "x" },
  ])("%j is refused before the pool is asked", async (query) => {
    const pool = userPool();

    expect((await callAs(list(pool.client), asAdmin({ query }))).status).toBe(400);
    expect(pool.calls).toEqual([]);
  });

  test("403 for who is no administrator", async () => {
    const pool = userPool();

    expect((await callAs(list(pool.client), { user: "ann" })).status).toBe(403);
    expect(pool.calls).toEqual([]);
  });
});
