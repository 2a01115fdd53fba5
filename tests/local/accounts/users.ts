import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { AuthenticationDetails, type CognitoUserSession } from "amazon-cognito-identity-js";
import { TOTP } from "otpauth";
import { deployer } from "../gallery-client";
import { eventually, type RunningCloud } from "../local-cloud";
import {
  accessOf,
  admin,
  ask,
  confirm,
  mailsTo,
  password,
  register,
  signedUp,
  signIn,
  subOf,
  textsTo,
  userOf,
} from "./people";

interface Profile {
  readonly name: string;
  readonly newsletter: boolean;
  readonly version: number;
  readonly phone?: string;
}

export function users(cloud: () => RunningCloud): void {
  const at = (path: string) => `${cloud().outputs.usersUrl}${path}`;

  test("sign up, confirm, sign in by SRP, are welcomed by mail once, and have a profile", async () => {
    const email = "bea@reader.example";
    const sub = await register(cloud(), email, { name: "Bea" });
    await confirm(cloud(), email, { wishes: { newsletter: "true", phone: "+441632960001" } });
    const session = await signIn(cloud(), email);

    expect(subOf(session)).toBe(sub);
    expect(session.getIdToken().decodePayload()).toMatchObject({ email, name: "Bea", email_verified: true });
    expect(await ask(at("profile"), { token: accessOf(session) })).toEqual({
      status: 200,
      body: {
        user: sub,
        email,
        name: "Bea",
        about: "",
        newsletter: true,
        version: 1,
        registeredAt: expect.any(String),
      },
    });
    const welcomes = await eventually(async () => {
      const found = (await mailsTo(cloud(), email)).filter(({ Subject }) => Subject === "Welcome to Gallery");
      return found.length > 0 ? found : undefined;
    });
    expect(welcomes).toHaveLength(1);
    expect(welcomes[0]).toMatchObject({
      BodyText: expect.stringContaining("Hello Bea,"),
      BodyHtml: expect.stringContaining("<h1>Hello Bea,</h1>"),
    });
    // Nobody has shown that this number is theirs.
    expect(await textsTo(cloud(), "+441632960001")).toEqual([]);
  });

  test("whom an administrator has made are welcomed at the first sign-in, by text where the number is verified", async () => {
    const email = "pia@reader.example";
    const cognito = new CognitoIdentityProviderClient(deployer(cloud()));
    const key = { UserPoolId: cloud().outputs.userPoolId, Username: email };
    const attributes = {
      email,
      email_verified: "true",
      phone_number: "+441632960002",
      phone_number_verified: "true",
    };
    await cognito.send(
      new AdminCreateUserCommand({
        ...key,
        MessageAction: "SUPPRESS",
        UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    await cognito.send(new AdminSetUserPasswordCommand({ ...key, Password: password, Permanent: true }));
    const token = accessOf(await signIn(cloud(), email));

    expect((await ask<Profile>(at("profile"), { token })).body).toMatchObject({ phone: "+441632960002" });
    const texts = await eventually(async () => {
      const found = await textsTo(cloud(), "+441632960002");
      return found.length > 0 ? found : undefined;
    });
    expect(texts).toEqual([expect.stringMatching(/^Welcome to Gallery/)]);
  });

  test("are refused a weak password, a throwaway address, a name with markup and a wrong code", async () => {
    await expect(register(cloud(), "weak@reader.example", { secret: "short" })).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
    await expect(register(cloud(), "bot@mailinator.com")).rejects.toMatchObject({
      name: "UserLambdaValidationException",
      message: expect.stringContaining("Addresses of mailinator.com are not taken"),
    });
    await expect(register(cloud(), "eve@reader.example", { name: "<b>Eve</b>" })).rejects.toMatchObject({
      name: "UserLambdaValidationException",
    });
    await register(cloud(), "late@reader.example");
    await expect(confirm(cloud(), "late@reader.example", { code: "654321" })).rejects.toMatchObject({
      name: "CodeMismatchException",
    });
    await expect(signIn(cloud(), "late@reader.example")).rejects.toMatchObject({
      name: "UserNotConfirmedException",
    });
  });

  test("change their profile, one change after the other", async () => {
    const token = accessOf(await signedUp(cloud(), "cat@reader.example"));
    const change = (body: unknown) => ask<Profile>(at("profile"), { token, method: "PATCH", body });

    expect((await change({ version: 1, name: "Cat", newsletter: true })).body).toMatchObject({
      name: "Cat",
      newsletter: true,
      version: 2,
    });
    expect((await change({ version: 1, name: "Cathy" })).status).toBe(409);
    expect((await change({ version: 2, name: "<script>" })).status).toBe(400);
    expect((await change({ version: 2 })).status).toBe(400);
  });

  test("get new tokens for a refresh token, until it is revoked", async () => {
    const session = await signedUp(cloud(), "dan@reader.example");
    const refreshToken = session.getRefreshToken().getToken();
    const refresh = (token: string) =>
      ask<{ accessToken: string }>(at("tokens"), { body: { refreshToken: token } });

    const { status, body } = await refresh(refreshToken);
    expect(status).toBe(200);
    expect((await ask(at("profile"), { token: body.accessToken })).status).toBe(200);
    expect((await refresh(`${refreshToken}x`)).status).toBe(401);
    expect((await refresh("forged")).status).toBe(401);

    const user = userOf(cloud(), "dan@reader.example");
    user.setSignInUserSession(session);
    await new Promise<void>((resolve, reject) =>
      user.globalSignOut({ onSuccess: () => resolve(), onFailure: reject }),
    );
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  test("show an authenticator's code as well, once they have one", async () => {
    const email = "fay@reader.example";
    const session = await signedUp(cloud(), email);
    const user = userOf(cloud(), email);
    user.setSignInUserSession(session);
    const secret = await new Promise<string>((resolve, reject) =>
      user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
    );
    const code = () => new TOTP({ secret }).generate();
    await new Promise((resolve, reject) =>
      user.verifySoftwareToken(code(), "phone", { onSuccess: resolve, onFailure: reject }),
    );
    await new Promise((resolve, reject) =>
      user.setUserMfaPreference(
        { PreferredMfa: false, Enabled: false },
        { PreferredMfa: true, Enabled: true },
        (error, result) => (error ? reject(error) : resolve(result)),
      ),
    );

    const again = userOf(cloud(), email);
    const challenge = await new Promise<string>((resolve, reject) =>
      again.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), {
        onSuccess: () => reject(new Error("The password alone was enough")),
        onFailure: reject,
        totpRequired: resolve,
      }),
    );
    expect(challenge).toBe("SOFTWARE_TOKEN_MFA");
    const answer = (given: string) =>
      new Promise<CognitoUserSession>((resolve, reject) =>
        again.sendMFACode(given, { onSuccess: resolve, onFailure: reject }, "SOFTWARE_TOKEN_MFA"),
      );
    await expect(answer("000000")).rejects.toMatchObject({ name: "CodeMismatchException" });
    expect(subOf(await answer(code()))).toBe(subOf(session));
  });

  test("are listed, a page at a time, to administrators alone", async () => {
    const session = await signedUp(cloud(), "gus@reader.example");
    const token = accessOf(await admin(cloud(), "boss@gallery.example"));
    const list = (query: string, as?: string) =>
      ask<{ users: { email: string }[]; cursor?: string }>(at(`users${query}`), { token: as });

    const first = await list("?limit=2", token);
    expect(first.status).toBe(200);
    expect(first.body.users).toHaveLength(2);
    const second = await list(`?limit=60&cursor=${encodeURIComponent(first.body.cursor ?? "")}`, token);
    const emails = [...first.body.users, ...second.body.users].map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);
    expect(emails).toEqual(expect.arrayContaining(["demo@gallery.example", "gus@reader.example"]));
    expect((await list("?email=gus", token)).body.users.map(({ email }) => email)).toEqual([
      "gus@reader.example",
    ]);
    expect(
      (await list(`?email=${encodeURIComponent('x" or email ^= "gus')}`, token)).body.users ?? [],
    ).toEqual([]);

    expect((await list("")).status).toBe(401);
    expect((await list("", accessOf(session))).status).toBe(403);
    expect((await list("", session.getIdToken().getJwtToken())).status).toBe(403);
    const [head, , signature] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ "cognito:groups": ["admins"], token_use: "access" }));
    expect((await list("", `${head}.${forged.toString("base64url")}.${signature}`)).status).toBe(401);
  });

  test("are refused with a token that has expired", async () => {
    const cognito = new CognitoIdentityProviderClient(deployer(cloud()));
    const key = { UserPoolId: cloud().outputs.userPoolId, ClientId: cloud().outputs.userPoolClientId };
    await signedUp(cloud(), "hal@reader.example");
    const { UserPoolClient: before } = await cognito.send(new DescribeUserPoolClientCommand(key));
    const {
      CreationDate: _created,
      LastModifiedDate: _modified,
      ClientSecret: _secret,
      ...settings
    } = before ?? {};
    try {
      await cognito.send(
        new UpdateUserPoolClientCommand({
          ...settings,
          ...key,
          AccessTokenValidity: 1,
          TokenValidityUnits: { ...settings.TokenValidityUnits, AccessToken: "seconds" },
        }),
      );
      const token = accessOf(await signIn(cloud(), "hal@reader.example"));
      const status = await eventually(async () => {
        const answer = await ask(at("profile"), { token });
        return answer.status === 200 ? undefined : answer.status;
      });
      expect(status).toBe(401);
    } finally {
      await cognito.send(new UpdateUserPoolClientCommand({ ...settings, ...key }));
    }
  });
}
