import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Sha256 } from "@aws-crypto/sha256-js";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { SignatureV4 } from "@smithy/signature-v4";
import { Redis, type RedisOptions } from "iovalkey";
import { CacheServer, type CacheServerOptions } from "../../../local/cache";
import type { CacheEndpoint } from "../../../local/cache/place";
import { Emulator } from "../../../local/emulator";
import { connectCloud } from "../../../local/engine/cloud";
import type { Cloud } from "../../../local/engine/resource";
import { type OpenFrontDoor, openFrontDoor } from "../../../local/front-door";

export const region = "eu-west-1";
export const account = "000000000000";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Wish {
  readonly cache: string;
  readonly user: string;
  /** Seconds since it was signed. @default 0 */
  readonly age?: number;
  /** @default elasticache */
  readonly service?: string;
}

/** A token as a client makes it. */
export async function token(
  credentials: Credentials,
  { cache, user, age = 0, service = "elasticache" }: Wish,
) {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const request = {
    method: "GET",
    protocol: "http:",
    hostname: cache,
    path: "/",
    headers: { host: cache },
    query: { Action: "connect", User: user, ResourceType: "ServerlessCache" },
  };
  const signingDate = new Date(Date.now() - age * 1000);
  const { query = {} } = await signer.presign(request, { expiresIn: 900, signingDate });
  return `${cache}/?${new URLSearchParams(query as Record<string, string>)}`;
}

/** The front door, an emulator behind it, and the caches. */
export class Laptop {
  private constructor(
    readonly stateDir: string,
    readonly frontDoor: OpenFrontDoor,
    readonly emulator: Emulator,
    readonly server: CacheServer,
    readonly endpoint: CacheEndpoint,
    readonly cloud: Cloud,
  ) {}

  static async start(more: Partial<CacheServerOptions> = {}): Promise<Laptop> {
    const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "gallery-caches-"));
    const server = new CacheServer({ stateDir, progress: () => {}, ...more });
    const frontDoor = await openFrontDoor({
      recordFile: path.join(stateDir, "calls.jsonl"),
      addresses: [...server.interceptors],
    });
    const { door } = frontDoor;
    const starting = Emulator.start({
      stateDir,
      endpoint: door.address,
      region,
      progress: () => {},
      onExit: () => {},
      env: { NODE_EXTRA_CA_CERTS: server.authorityFile },
    });
    const [emulator, endpoint] = await Promise.all([starting, server.start(door.address)]);
    door.connect(emulator.address, emulator.doorToken);
    const cloud = connectCloud({ region, account, endpoint: door.address }, frontDoor.deployerToken);
    return new Laptop(stateDir, frontDoor, emulator, server, endpoint, cloud);
  }

  async stop(): Promise<void> {
    await Promise.all([this.server.stop(), this.emulator.stop()]);
    await this.frontDoor.door.stop();
    fs.rmSync(this.stateDir, { recursive: true, force: true });
  }

  /** A session of a new role that may connect to these resources: `serverlesscache:views`, `user:reader`. */
  async session(name: string, allowed: readonly string[]): Promise<Credentials> {
    const iam = this.cloud.client(IAMClient);
    const statement = (more: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...more }] });
    const trust = statement({ Action: "sts:AssumeRole", Principal: { AWS: "*" } });
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }),
    );
    if (allowed.length > 0) {
      const Resource = allowed.map((one) => `arn:aws:elasticache:${region}:${account}:${one}`);
      const PolicyDocument = statement({ Action: "elasticache:Connect", Resource });
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument }));
    }
    const scope = `test/20260102/${region}/sts/aws4_request`;
    const answer = await fetch(`${this.emulator.address}/`, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
      body: new URLSearchParams({ Action: "AssumeRole", RoleArn: Role?.Arn ?? "", RoleSessionName: name }),
    });
    const xml = await answer.text();
    const field = (tag: string) => new RegExp(`<${tag}>([^<]+)<`).exec(xml)?.[1] ?? "";
    return {
      accessKeyId: field("AccessKeyId"),
      secretAccessKey: field("SecretAccessKey"),
      sessionToken: field("SessionToken"),
    };
  }

  /** A client that trusts the authority and tries once. */
  client(username: string, password: string, more: RedisOptions = {}): Redis {
    const client = new Redis({
      host: this.endpoint.address,
      port: this.endpoint.port,
      tls: { ca: fs.readFileSync(this.server.authorityFile) },
      username,
      password,
      enableReadyCheck: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      disconnectTimeout: 50,
      lazyConnect: true,
      ...more,
    });
    client.on("error", () => {});
    return client;
  }

  /** What a client's command is answered, or why not; the client leaves then. */
  async ask(user: string, password: string, ...command: [string, ...string[]]): Promise<unknown> {
    const client = this.client(user, password);
    try {
      await client.connect();
      return await client.call(...command);
    } catch (error) {
      return error instanceof Error ? error.message : error;
    } finally {
      client.disconnect();
    }
  }
}
