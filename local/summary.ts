import * as path from "node:path";
import type { LocalCloud } from "./local-cloud";
import type { Project } from "./project";

/** What a person needs to know once the local cloud is up. */
export function summary(
  { name, stack }: Project,
  stateDir: string,
  cloud: LocalCloud,
  seconds: number,
): string {
  const lines = [
    "",
    `${name} (${stack}) is up after ${seconds.toFixed(1)} s at ${cloud.address}`,
    "",
    ...table(Object.entries(cloud.outputs).map(([key, value]) => [key, text(value)])),
    "",
    ...table([
      ["every call", `${cloud.address}/_gallery/calls`],
      ["mails sent", `${cloud.address}/_ministack/ses/messages`],
      ...Object.entries(cloud.standIns.addresses).map(
        ([name, address]) => [`stand-in: ${name}`, address] as const,
      ),
      ["outputs", path.relative(process.cwd(), path.join(stateDir, "outputs.json"))],
    ]),
  ];
  for (const { username, password, passwordClientIds } of cloud.users) {
    lines.push("", `Sign in as ${username} with the password ${password}`);
    if (passwordClientIds.length === 0) {
      lines.push(
        "  by Secure Remote Password, as Amplify does: no client of this stack takes the password itself",
      );
    }
    for (const clientId of passwordClientIds) {
      lines.push(
        `  TOKEN=$(curl -s ${cloud.address} -H 'x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth' \\`,
        "    -H 'content-type: application/x-amz-json-1.1' \\",
        `    -d '${JSON.stringify({
          AuthFlow: "USER_PASSWORD_AUTH",
          ClientId: clientId,
          AuthParameters: { USERNAME: username, PASSWORD: password },
        })}' \\`,
        `    | sed 's/.*"AccessToken": *"\\([^"]*\\)".*/\\1/')`,
      );
    }
  }
  return lines.join("\n");
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([key]) => key.length));
  return rows.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`);
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
