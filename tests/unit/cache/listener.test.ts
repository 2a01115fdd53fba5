import { once } from "node:events";
import { PassThrough } from "node:stream";
import * as tls from "node:tls";
import { type Certificate, localCertificate } from "../../../local/cache/certificate";
import { Listener } from "../../../local/cache/listener";

let certificate: Certificate;
let listener: Listener;

beforeAll(async () => {
  certificate = await localCertificate();
});
afterEach(() => listener.stop());

/** A listener before a server that says everything back. */
async function start(longestConnectionMs: number): Promise<void> {
  const open = async () => ({ server: new PassThrough(), password: "own" });
  listener = await Listener.start({ certificate, longestConnectionMs, open });
}

async function connect(host: string, ca = certificate.authority): Promise<tls.TLSSocket> {
  const socket = tls.connect({ host, port: listener.port, ca, servername: host === "127.0.0.1" ? "" : host });
  await once(socket, "secureConnect");
  return socket;
}

test.each(["localhost", "127.0.0.1"])("is trusted as %s by its authority alone", async (host) => {
  await start(60_000);
  const socket = await connect(host);
  const { authority } = await localCertificate();

  expect(socket.authorized).toBe(true);
  await expect(connect(host, authority)).rejects.toThrow();
});

test("a login reaches the server with the server's own password, and what follows it as it is and once", async () => {
  await start(60_000);
  const socket = await connect("localhost");
  socket.write("AUTH reader token\r\nbytes of any kind");
  await listener.setMode("hang");
  await listener.setMode("up");
  await listener.setMode("up");
  let answer = "";
  for await (const chunk of socket) {
    answer += chunk;
    if (answer.endsWith("kind")) break;
  }

  expect(answer).toBe("*3\r\n$4\r\nAUTH\r\n$6\r\nreader\r\n$3\r\nown\r\nbytes of any kind");
});

test("a connection ends after its time, however busy it is", async () => {
  await start(100);
  const socket = await connect("localhost");
  socket.on("data", () => socket.write("more"));
  socket.on("error", () => {});
  // A reset is a way to end, too.
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write("AUTH reader token\r\n");

  await closed;
});
