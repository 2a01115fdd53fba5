import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import { deployer } from "../gallery-client";
import type { RunningCloud } from "../local-cloud";

export const password = "Long-enough-7!";

/** The user pool as the library of web pages has it: it knows no credentials and never sends a password. */
export function poolOf({ address, outputs }: RunningCloud): CognitoUserPool {
  return new CognitoUserPool({
    UserPoolId: outputs.userPoolId ?? "",
    ClientId: outputs.userPoolClientId ?? "",
    endpoint: address,
  });
}

export const userOf = (cloud: RunningCloud, Username: string) =>
  new CognitoUser({ Username, Pool: poolOf(cloud) });

export function register(
  cloud: RunningCloud,
  email: string,
  { name = "Ann", secret = password }: { name?: string; secret?: string } = {},
): Promise<string> {
  const attributes = Object.entries({ email, name }).map(
    ([Name, Value]) => new CognitoUserAttribute({ Name, Value }),
  );
  return new Promise((resolve, reject) =>
    poolOf(cloud).signUp(email, secret, attributes, [], (error, result) =>
      error ? reject(error) : resolve(result?.userSub ?? ""),
    ),
  );
}

export function confirm(
  cloud: RunningCloud,
  email: string,
  { code = "123456", wishes = {} }: { code?: string; wishes?: Record<string, string> } = {},
): Promise<string> {
  return new Promise((resolve, reject) =>
    userOf(cloud, email).confirmRegistration(
      code,
      false,
      (error, result) => (error ? reject(error) : resolve(result)),
      wishes,
    ),
  );
}

/** By Secure Remote Password. */
export function signIn(cloud: RunningCloud, email: string, secret = password): Promise<CognitoUserSession> {
  const details = new AuthenticationDetails({ Username: email, Password: secret });
  return new Promise((resolve, reject) =>
    userOf(cloud, email).authenticateUser(details, { onSuccess: resolve, onFailure: reject }),
  );
}

export async function signedUp(
  cloud: RunningCloud,
  email: string,
  wishes: Record<string, string> = {},
): Promise<CognitoUserSession> {
  await register(cloud, email);
  await confirm(cloud, email, { wishes });
  return signIn(cloud, email);
}

/** A new user who is in the group of administrators. */
export async function admin(cloud: RunningCloud, email: string): Promise<CognitoUserSession> {
  await signedUp(cloud, email);
  await new CognitoIdentityProviderClient(deployer(cloud)).send(
    new AdminAddUserToGroupCommand({
      UserPoolId: cloud.outputs.userPoolId,
      Username: email,
      GroupName: "admins",
    }),
  );
  return signIn(cloud, email);
}

export const accessOf = (session: CognitoUserSession) => session.getAccessToken().getJwtToken();
export const subOf = (session: CognitoUserSession): string => session.getAccessToken().decodePayload().sub;

export interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Asks an API, with a token or other headers. */
export async function ask<Body>(
  url: string,
  {
    token,
    method,
    headers = {},
    body,
  }: {
    token?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: unknown;
  } = {},
): Promise<Reply<Body>> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Body };
}

interface Mail {
  readonly To: readonly string[];
  readonly Subject: string;
  readonly BodyText: string;
  readonly BodyHtml: string;
}

/** Mails in the local inbox to an address. */
export async function mailsTo({ address }: RunningCloud, email: string): Promise<readonly Mail[]> {
  const { body } = await ask<{ messages: Record<string, Mail[]> }>(`${address}/_ministack/ses/messages`);
  return Object.values(body.messages)
    .flat()
    .filter(({ To }) => To.includes(email));
}

/** Text messages to a number. */
export async function textsTo({ address }: RunningCloud, number: string): Promise<readonly string[]> {
  const { body } = await ask<{ sms_messages: Record<string, { Message: string }[]> }>(
    `${address}/_ministack/sns/sms-messages`,
  );
  return (body.sms_messages[number] ?? []).map(({ Message }) => Message);
}

/** Address of a stand-in, as `npm start` has told it. */
export function standIn(cloud: RunningCloud, name: string): string {
  const [, address = ""] = new RegExp(`stand-in: ${name} +(\\S+)`).exec(cloud.output()) ?? [];
  return address;
}
