import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";

export interface Tokens {
  readonly access: string;
  readonly id: string;
  /** The user's id. */
  readonly sub: string;
}

/** A Cognito client as a web page has it: without credentials. */
function publicClient(address: string) {
  return new CognitoIdentityProviderClient({
    endpoint: address,
    region: "eu-west-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    signer: { sign: async (request) => request },
  });
}

export async function signIn(
  address: string,
  ClientId: string,
  USERNAME: string,
  PASSWORD: string,
): Promise<Tokens> {
  const { AuthenticationResult: result } = await publicClient(address).send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );
  const access = result?.AccessToken ?? "";
  const { sub } = JSON.parse(Buffer.from(access.split(".")[1] ?? "", "base64url").toString());
  return { access, id: result?.IdToken ?? "", sub };
}

/** Signs a new user up, confirms them, and signs them in. */
export async function signUp(address: string, ClientId: string, Username: string): Promise<Tokens> {
  const Password = "Long-enough-7!";
  const client = publicClient(address);
  await client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password,
      UserAttributes: [{ Name: "email", Value: Username }],
    }),
  );
  // The emulator mails the same code to everybody.
  await client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: "123456" }));
  return signIn(address, ClientId, Username, Password);
}
