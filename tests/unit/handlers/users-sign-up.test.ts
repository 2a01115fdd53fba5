import type { PreSignUpTriggerEvent } from "aws-lambda";
import * as fc from "fast-check";
import { checkSignUp } from "../../../handlers/users/sign-up";

type Source = PreSignUpTriggerEvent["triggerSource"];

const signUp = (userAttributes: Record<string, string>, triggerSource: Source = "PreSignUp_SignUp") =>
  ({ triggerSource, request: { userAttributes }, response: {} }) as unknown as PreSignUpTriggerEvent;

test("who gives an address of their own may sign up, and nothing is confirmed unasked", async () => {
  const event = signUp({ email: "ann@photos.example", name: "Ann" });

  expect(await checkSignUp(event)).toBe(event);
  expect(event.response).toEqual({});
});

test.each([
  "ann@mailinator.com",
  "ann@MAILINATOR.com",
  "ann@eu.mailinator.com",
  "ann@mailinator.com.",
  "eve@photos.example@yopmail.com",
])("%s is refused", async (email) => {
  await expect(checkSignUp(signUp({ email }))).rejects.toThrow();
});

test("the reason names the domain to who is refused for it", async () => {
  await expect(checkSignUp(signUp({ email: "ann@x.Yopmail.com" }))).rejects.toThrow(
    "Addresses of x.yopmail.com are not taken; use one that is yours alone.",
  );
});

test.each(["ann@notmailinator.com", "mailinator.com@photos.example", "ann@mailinator.com.example"])(
  "%s only looks like it",
  async (email) => {
    await expect(checkSignUp(signUp({ email }))).resolves.toBeDefined();
  },
);

test.each<Record<string, string>>([
  {},
  { email: "" },
  { email: "ann" },
  { email: "@photos.example" },
  { email: "a b@photos.example" },
])("%j has no address to write to", async (attributes) => {
  await expect(checkSignUp(signUp(attributes))).rejects.toThrow("An email address is needed.");
});

test.each(["", " ", "x".repeat(61), "<b>Ann</b>", "Ann\u0000", "Ann\u202egnp.exe", "\ud800"])(
  "the name %j is refused",
  async (name) => {
    await expect(checkSignUp(signUp({ email: "ann@photos.example", name }))).rejects.toThrow(
      /^The name must have 1 to 60 characters/,
    );
  },
);

test.each(["Ann", "Zoë Müller", "李小龍", "O'Brien"])("the name %s is one", async (name) => {
  await expect(checkSignUp(signUp({ email: "ann@photos.example", name }))).resolves.toBeDefined();
});

test("whom an administrator invites, may, whatever the address", async () => {
  const event = signUp({ email: "ann@mailinator.com" }, "PreSignUp_AdminCreateUser");

  expect(await checkSignUp(event)).toBe(event);
});

test("who comes from another identity provider is asked the same", async () => {
  await expect(
    checkSignUp(signUp({ email: "ann@mailinator.com" }, "PreSignUp_ExternalProvider")),
  ).rejects.toThrow(/not taken/);
});

test("no subdomain of a throwaway domain gets through", async () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,10}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(label, { maxLength: 3 }), async (labels) => {
      const email = `a@${[...labels, "trashmail.com"].join(".")}`;

      await expect(checkSignUp(signUp({ email }))).rejects.toThrow(/not taken/);
    }),
  );
});
