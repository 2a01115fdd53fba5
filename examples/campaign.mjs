// Follows one user from sign-up to a mail campaign: a reader signs up for the newsletter, an operator makes the demo user
// an administrator, and the administrator sends a campaign and watches what becomes of it. While `npm start` runs, in
// another terminal, with the address that it prints for "stand-in: mail":
//
//   node examples/campaign.mjs http://127.0.0.1:<port>
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import {
  AdminAddUserToGroupCommand,
  CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import WebSocket from "ws";

// Which Node versions later releases of the SDK will need is no news for whoever runs the locked one.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const [mailService] = process.argv.slice(2);
const json = async (file) => JSON.parse(await readFile(file, "utf8"));
const { usersUrl, campaignsUrl, liveUrl, userPoolId, userPoolClientId } = await json(".local/outputs.json");
const [{ username, password }] = await json(".local/demo-users.json");
const address = new URL(usersUrl).origin;

async function call(url, body, headers) {
  const method = body === undefined ? "GET" : "POST";
  const content = { "content-type": "application/json", ...headers };
  const response = await fetch(url, { method, headers: content, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text && JSON.parse(text);
}
function cognito(operation, input) {
  const target = `AWSCognitoIdentityProviderService.${operation}`;
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  return call(address, { ClientId: userPoolClientId, ...input }, headers);
}
async function until(read) {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(200)) {
    const found = await read();
    if (found) return found;
  }
  throw new Error(`nothing after 30 s: ${read}`);
}

// The reader. What they want besides an account goes with the confirmation.
const reader = `reader-${Date.now()}@reader.example`;
const mailTo = async (recipient, subject) => {
  const { messages } = await call(`${address}/_ministack/ses/messages`);
  return Object.values(messages)
    .flat()
    .find(({ To, Subject }) => To.includes(recipient) && Subject === subject);
};
const noted = async () => {
  const query = "caller=gallery-campaigns-users-*&action=dynamodb:UpdateItem&status=200";
  return (await call(`${address}/_gallery/calls?${query}`)).calls.length;
};
const notedBefore = await noted();
const attributes = Object.entries({ email: reader, name: "Rita" }).map(([Name, Value]) => ({ Name, Value }));
await cognito("SignUp", { Username: reader, Password: "Long-enough-7!", UserAttributes: attributes });
const { BodyText } = await until(() => mailTo(reader, "Your verification code"));
console.log(`${reader} is told: ${BodyText}`);
const [ConfirmationCode] = /\d{6}/.exec(BodyText);
const ClientMetadata = { newsletter: "true" };
await cognito("ConfirmSignUp", { Username: reader, ConfirmationCode, ClientMetadata });
const welcome = await until(() => mailTo(reader, "Welcome to Gallery"));
console.log(`${welcome.Source} writes: ${welcome.Subject}\n\n${welcome.BodyText}\n`);
// The service `campaigns` hears of the reader from the bus as well; the record of calls shows when it has.
await until(async () => (await noted()) > notedBefore);

// The operator, who has the account's credentials.
const operator = new CognitoIdentityProviderClient({
  endpoint: address,
  region: userPoolId.split("_")[0],
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const membership = { UserPoolId: userPoolId, Username: username, GroupName: "admins" };
await operator.send(new AdminAddUserToGroupCommand(membership));

// The administrator: tokens name the groups that their user was in when they were made.
const { AuthenticationResult } = await cognito("InitiateAuth", {
  AuthFlow: "USER_PASSWORD_AUTH",
  AuthParameters: { USERNAME: username, PASSWORD: password },
});
const administrator = { authorization: `Bearer ${AuthenticationResult.AccessToken}` };
const socket = new WebSocket(`${liveUrl}?token=${AuthenticationResult.AccessToken}`);
await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
const messages = [];
socket.on("message", (data) => messages.push(JSON.parse(data)));
const subject = `News of ${new Date().toLocaleString("en-GB")}`;
console.log(subject);
const mailing = { subject, text: "Hello.\n\nThere is news." };
const { id } = await call(`${campaignsUrl}campaigns`, mailing, administrator);
for (let status = ""; status === "" || status === "starting" || status === "pending"; ) {
  const { campaign, ...message } = await until(() => messages.shift());
  if (campaign !== id) continue;
  status = message.status;
  console.log(`  ${status}, report ${message.sequence}, ${message.recipients ?? "?"} recipients`);
  if (message.reason) console.log(message.reason);
}
socket.close();

if (mailService) {
  const { campaigns } = await call(`${mailService}/stand-in/campaigns`);
  const { status, recipients, deliveries } = campaigns.find((campaign) => campaign.subject === subject);
  console.log(`the mail service has it for ${recipients} recipients as ${status}, and reported:`);
  for (const { sequence, status, duplicate, lost, attempts } of deliveries) {
    const outcome = lost ? "lost" : attempts.length === 0 ? "on its way" : `answered ${attempts}`;
    console.log(`  report ${sequence}, ${status}${duplicate ? ", again" : ""}: ${outcome}`);
  }
}
