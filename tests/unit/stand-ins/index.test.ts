import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Cloud } from "../../../local/engine/resource";
import { InvalidStandIns, putSecrets, readStandIns, startStandIns } from "../../../local/stand-ins";
import { servers } from "../../../local/stand-ins/servers";
import { CAMPAIGN, MailClient } from "./mail-client";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "stand-ins-"));
});
afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

function read(text: string, stack = "dev") {
  fs.writeFileSync(path.join(folder, "local.yaml"), text);
  return readStandIns(folder, stack);
}
const mail = `standIns:
  mail:
    address: shop:mailUrl
    secrets:
      apiKey: /shop/\${stack}/mail-key
`;
const both = `${mail}  oidc:
    address: shop:issuer
    config:
      clientId: shop:clientId
    secrets:
      clientSecret: /shop/\${stack}/oidc-secret
`;

test("says what goes where, the stack filled in", () => {
  expect(read(both, "ann.dev")).toEqual([
    { name: "mail", address: "shop:mailUrl", config: {}, secrets: { apiKey: "/shop/ann.dev/mail-key" } },
    {
      name: "oidc",
      address: "shop:issuer",
      config: { clientId: "shop:clientId" },
      secrets: { clientSecret: "/shop/ann.dev/oidc-secret" },
    },
  ]);
});

test("Gallery's own are read", () => {
  const root = path.resolve(__dirname, "../../..");
  expect(readStandIns(root, "dev").map(({ name }) => name)).toEqual(["mail", "oidc"]);
});

test("no file, an empty one and an empty list ask for none", () => {
  expect(readStandIns(folder, "dev")).toEqual([]);
  expect(read("")).toEqual([]);
  expect(read("standIns: {}")).toEqual([]);
});

test.each([
  ["no YAML", "standIns: [", /local\.yaml is not valid YAML: /],
  ["a list", "- mail", /local\.yaml: the file must be a mapping/],
  ["nothing", "standIns:", /standIns must be a mapping/],
  ["another part", `${mail}ports: {}`, /ports is unknown; known here: standIns$/],
  ["an unknown server", "standIns: { sms: {} }", /standIns\.sms is unknown; known here: mail, oidc$/],
  ["no address", mail.replace(/address: .*/, ""), /standIns\.mail\.address is missing$/],
  [
    "a key without namespace",
    mail.replace("shop:mailUrl", "mailUrl"),
    /standIns\.mail\.address must be a full/,
  ],
  ["a number", mail.replace("shop:mailUrl", "7"), /standIns\.mail\.address must be text$/],
  ["no secrets", "standIns: { mail: { address: a:b } }", /standIns\.mail\.secrets is missing$/],
  [
    "no place for a secret",
    "standIns: { mail: { address: a:b, secrets: {} } }",
    /secrets\.apiKey is missing$/,
  ],
  ["an unknown secret", `${mail}      token: /a`, /mail\.secrets\.token is unknown; known here: apiKey$/],
  ["an unknown field", `${mail}    port: 1`, /mail\.port is unknown; known here: address, config, secrets$/],
  ["config for none", `${mail}    config: { a: b }`, /mail\.config\.a is unknown; known here: nothing$/],
  [
    "another name filled in",
    mail.replace("stack}", "user}"),
    /secrets\.apiKey must name a parameter, such as/,
  ],
  ["a name without /", mail.replace("/shop/", ""), /secrets\.apiKey must name a parameter/],
  ["a place for two", both.replace("shop:clientId", "shop:mailUrl"), /shop:mailUrl is given twice/],
])("%s is refused, with file and key", (_, text, message) => {
  const attempt = () => read(text);

  expect(attempt).toThrow(InvalidStandIns);
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(path.join(folder, "local.yaml"));
});

test("all start, with keys made anew, and say where they are to be told", async () => {
  const declared = read(both);
  const first = await startStandIns(declared);
  const second = await startStandIns(declared);
  try {
    expect(Object.keys(first.addresses)).toEqual(["mail", "oidc"]);
    expect(first.config).toEqual({
      "shop:mailUrl": first.addresses.mail,
      "shop:issuer": first.addresses.oidc,
      "shop:clientId": expect.stringMatching(/./),
    });
    expect([...first.secrets.keys()]).toEqual(["/shop/dev/mail-key", "/shop/dev/oidc-secret"]);
    const keys = [...first.secrets.values(), ...second.secrets.values()];
    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => key.length >= 32)).toBe(true);
    expect(JSON.stringify(first)).not.toContain(first.secrets.get("/shop/dev/mail-key"));

    const client = new MailClient(first.addresses.mail ?? "", first.secrets.get("/shop/dev/mail-key"));
    expect((await client.send("one", CAMPAIGN)).status).toBe(201);
    const discovery = await fetch(`${first.addresses.oidc}/.well-known/openid-configuration`);
    expect(await discovery.json()).toMatchObject({ issuer: first.addresses.oidc });
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
  await expect(fetch(first.addresses.mail ?? "")).rejects.toThrow("fetch failed");
  await expect(fetch(first.addresses.oidc ?? "")).rejects.toThrow("fetch failed");
});

test("when one does not start, none is left", async () => {
  const start = servers.mail?.start;
  const started: string[] = [];
  jest.spyOn(servers.mail ?? fail(), "start").mockImplementation(async () => {
    const server = await (start ?? fail())();
    started.push(server.address);
    return server;
  });
  jest.spyOn(servers.oidc ?? fail(), "start").mockRejectedValue(new Error("no port"));

  await expect(startStandIns(read(both))).rejects.toThrow("no port");
  expect(started).toHaveLength(1);
  await expect(fetch(started[0] ?? "")).rejects.toThrow("fetch failed");
});

function fail(): never {
  throw new Error("a stand-in is gone");
}

test("secrets are put as SecureStrings, in place of any before", async () => {
  const sent: unknown[] = [];
  const client = new SSMClient({ region: "eu-west-1" });
  jest.spyOn(client, "send").mockImplementation(async (command: unknown) => {
    sent.push(command instanceof PutParameterCommand ? command.input : command);
  });
  const cloud = { region: "eu-west-1", account: "000000000000", client: () => client } as unknown as Cloud;

  await putSecrets(new Map([["/shop/dev/mail-key", "key"]]), cloud);

  expect(sent).toEqual([{ Name: "/shop/dev/mail-key", Value: "key", Type: "SecureString", Overwrite: true }]);
});
