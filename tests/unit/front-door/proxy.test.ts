import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import * as http from "node:http";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { Body } from "../../../local/front-door/body";
import { decodeCbor } from "../../../local/front-door/cbor";
import type { Interceptor, Outcome } from "../../../local/front-door/interceptor";
import { FrontDoor, PortInUse } from "../../../local/front-door/proxy";
import { jsonReply } from "../../../local/front-door/reply";
import { jsonCall, signed } from "./exchange";
import { type FakeEmulator, fakeEmulator, raw } from "./fake-emulator";

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) {
    await stop();
  }
});

async function doorTo(emulator: FakeEmulator | string | undefined, ...interceptors: Interceptor[]) {
  const door = await FrontDoor.start({ interceptors });
  stops.push(() => door.stop());
  if (emulator) {
    door.connect(typeof emulator === "string" ? emulator : emulator.address);
  }
  return door.address;
}

async function emulatorThat(listener: http.RequestListener): Promise<FakeEmulator> {
  const emulator = await fakeEmulator(listener);
  stops.push(() => emulator.stop());
  return emulator;
}

/** An interceptor that waits for the end of a call. */
function watcher() {
  let seen: (outcome: Outcome) => void = () => {};
  const outcome = new Promise<Outcome>((resolve) => {
    seen = resolve;
  });
  const interceptor: Interceptor = { name: "watcher", done: (_exchange, how) => seen(how) };
  return { interceptor, outcome };
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("passes a request on unchanged", () => {
  async function arrived(request: string): Promise<{ line: string; headers: string[]; body: string }> {
    let seen: { line: string; headers: string[]; body: string } | undefined;
    const emulator = await emulatorThat(async (incoming, response) => {
      const { method, url, rawHeaders } = incoming;
      seen = { line: `${method} ${url}`, headers: rawHeaders, body: await text(incoming) };
      response.end();
    });
    await raw(await doorTo(emulator), request);
    return seen ?? { line: "", headers: [], body: "" };
  }

  test("host, order, case and repetition of headers, path and query as sent", async () => {
    const url = "/a%2Fb//c?x=1&x=2&y=%20+&z";
    const { line, headers } = await arrived(
      `GET ${url} HTTP/1.1\r\nX-B: 1\r\nhOsT: signed.example:1\r\nx-a: 2\r\nX-B: 3\r\nX-Latin: \xe9\r\nConnection: close\r\n\r\n`,
    );

    expect(line).toBe(`GET ${url}`);
    expect(headers.slice(0, 10)).toEqual([
      "X-B",
      "1",
      "hOsT",
      "signed.example:1",
      "x-a",
      "2",
      "X-B",
      "3",
      "X-Latin",
      "\xe9",
    ]);
    expect(headers.slice(10)).toEqual(["Connection", "keep-alive"]);
  });

  test("a chunked body stays chunked", async () => {
    const { headers, body } = await arrived(
      "PUT /b/k HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    );

    expect(headers).toEqual(expect.arrayContaining(["Transfer-Encoding", "chunked"]));
    expect(body).toBe("abcde");
  });

  test("a body that was read to recognise the call", async () => {
    const { body } = await arrived(
      `POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\nContent-Length: 17\r\nConnection: close\r\n\r\n{"TableName":"t"}`,
    );

    expect(body).toBe('{"TableName":"t"}');
  });

  test("a POST without a body gets none", async () => {
    const { headers } = await arrived("POST /b/k?restore HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

    expect(headers).toEqual(["Host", "h", "Content-Length", "0", "Connection", "keep-alive"]);
  });
});

describe("passes an answer on unchanged", () => {
  test("status text and repeated headers", async () => {
    const emulator = await emulatorThat((_request, response) => {
      response.sendDate = false;
      response.writeHead(299, "Fine", [
        "Set-Cookie",
        "a=1",
        "X-a",
        "b",
        "Set-Cookie",
        "c=2",
        "Content-Length",
        "2",
      ]);
      response.end("ok");
    });
    const answer = await raw(
      await doorTo(emulator),
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    );

    expect(answer).toMatch(
      /^HTTP\/1\.1 299 Fine\r\nSet-Cookie: a=1\r\nX-a: b\r\nSet-Cookie: c=2\r\nContent-Length: 2\r\n/,
    );
    expect(answer).toMatch(/\r\n\r\nok$/);
  });

  test("HEAD has a length and no body", async () => {
    const emulator = await emulatorThat((_request, response) =>
      response.writeHead(200, { "content-length": 12 }).end(),
    );
    const response = await fetch(await doorTo(emulator), { method: "HEAD" });

    expect(response.headers.get("content-length")).toBe("12");
    expect(await response.text()).toBe("");
  });

  test.each([204, 304])("%i has no body", async (status) => {
    const emulator = await emulatorThat((_request, response) => response.writeHead(status).end());

    expect((await fetch(await doorTo(emulator))).status).toBe(status);
  });

  test("headers do not wait for a body that comes later", async () => {
    const emulator = await emulatorThat((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    });
    const response = await fetch(await doorTo(emulator));

    expect(response.headers.get("content-type")).toBe("text/event-stream");
    await response.body?.cancel();
  });
});

describe("streams", () => {
  const BIG = randomBytes(20 * 1024 * 1024);

  test("a large body both ways", async () => {
    const emulator = await emulatorThat((request, response) => {
      response.writeHead(200);
      request.pipe(response);
    });
    const response = await fetch(`${await doorTo(emulator)}/pictures/big`, { method: "PUT", body: BIG });

    expect(digest(Buffer.from(await response.arrayBuffer()))).toBe(digest(BIG));
  });

  test("a request's beginning arrives before its end is sent", async () => {
    let arrived: (chunk: Buffer) => void = () => {};
    const first = new Promise<Buffer>((resolve) => {
      arrived = resolve;
    });
    const emulator = await emulatorThat((request, response) => {
      request.once("data", arrived).on("end", () => response.end());
    });
    const request = http.request(`${await doorTo(emulator)}/pictures/big`, { method: "PUT" });
    request.write("beginning");

    expect((await first).toString()).toBe("beginning");
    request.end("end");
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
  });

  test("an answer's beginning arrives before its end is sent", async () => {
    let finish = () => {};
    const emulator = await emulatorThat((_request, response) => {
      response.write("beginning");
      finish = () => response.end("end");
    });
    const response = await fetch(await doorTo(emulator));
    const reader = response.body?.getReader();

    expect(Buffer.from((await reader?.read())?.value ?? "").toString()).toBe("beginning");
    finish();
    expect(Buffer.from((await reader?.read())?.value ?? "").toString()).toBe("end");
  });
});

describe("Expect: 100-continue", () => {
  const expecting = async (address: string, url: string, headers = {}) => {
    const request = http.request(`${address}${url}`, {
      method: "PUT",
      headers: { expect: "100-continue", "content-length": 4, ...headers },
    });
    let continued = false;
    request.on("continue", () => {
      continued = true;
      request.end("body");
    });
    request.flushHeaders();
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    const answer = await text(response);
    request.destroy();
    return { continued, answer, status: response.statusCode };
  };

  test("is the emulator's to answer", async () => {
    const emulator = await emulatorThat(async (request, response) => response.end(await text(request)));

    expect(await expecting(await doorTo(emulator), "/b/k")).toEqual({
      continued: true,
      answer: "body",
      status: 200,
    });
  });

  test("may be refused by the emulator", async () => {
    const emulator = await emulatorThat(() => {});
    emulator.server.on("checkContinue", (_request, response) => response.writeHead(403).end("no"));

    expect(await expecting(await doorTo(emulator), "/b/k")).toEqual({
      continued: false,
      answer: "no",
      status: 403,
    });
  });

  test("is answered by the front door when it reads the body itself", async () => {
    const emulator = await emulatorThat(async (request, response) => response.end(await text(request)));
    const target = { "x-amz-target": "DynamoDB_20120810.GetItem" };

    expect(await expecting(await doorTo(emulator), "/", target)).toEqual({
      continued: true,
      answer: "body",
      status: 200,
    });
  });
});

test("connections to the emulator are kept and there are as many as calls", async () => {
  const ports = new Set<number | undefined>();
  let waiting = 0;
  const emulator = await emulatorThat((request, response) => {
    ports.add(request.socket.remotePort);
    waiting += 1;
    const reply = () => (waiting >= 20 || request.url === "/alone" ? response.end() : setTimeout(reply, 5));
    reply();
  });
  const address = await doorTo(emulator);
  await Promise.all(Array.from({ length: 20 }, async () => (await fetch(address)).text()));
  const atOnce = ports.size;
  for (let i = 0; i < 5; i++) {
    await (await fetch(`${address}/alone`)).text();
  }

  expect(atOnce).toBe(20);
  expect(ports.size).toBe(20);
});

describe("when the emulator is not there", () => {
  const call = async (address: string, request: Parameters<typeof fetch>[1] = {}) => {
    const response = await fetch(address, request);
    return {
      status: response.status,
      body: Buffer.from(await response.arrayBuffer()),
      headers: response.headers,
    };
  };

  test("before it has an address", async () => {
    const { status, body } = await call(await doorTo(undefined));

    expect(status).toBe(503);
    expect(JSON.parse(body.toString()).message).toMatch(/still starting/);
  });

  test("an AWS call gets an AWS error", async () => {
    const { method, headers, body: sent } = jsonCall("dynamodb", "DynamoDB_20120810.GetItem", {});
    const {
      status,
      body,
      headers: answered,
    } = await call(await doorTo("http://127.0.0.1:1"), {
      method,
      headers: headers as Record<string, string>,
      body: String(sent),
    });

    expect(status).toBe(503);
    expect(answered.get("x-amzn-errortype")).toBe("ServiceUnavailable");
    expect(JSON.parse(body.toString())).toEqual({
      __type: "ServiceUnavailable",
      message: "The emulator at http://127.0.0.1:1 does not answer (ECONNREFUSED). Start it again.",
    });
  });

  test("in CBOR when that is what the SDK speaks", async () => {
    const { body } = await call(`${await doorTo("http://127.0.0.1:1")}/service/X/operation/Y`, {
      method: "POST",
      headers: { authorization: signed("monitoring"), "smithy-protocol": "rpc-v2-cbor" },
    });

    expect(decodeCbor(body)).toMatchObject({ __type: "ServiceUnavailable" });
  });

  test("an answer it does not finish is cut off, not ended", async () => {
    const emulator = await emulatorThat((_request, response) => {
      response.writeHead(200, { "content-length": 10 });
      response.write("abc");
      setTimeout(() => response.destroy(), 20);
    });

    await expect(call(await doorTo(emulator))).rejects.toThrow();
  });
});

describe("a client that leaves", () => {
  test("before the answer takes its call to the emulator along", async () => {
    const { interceptor, outcome } = watcher();
    let left: (value: unknown) => void = () => {};
    const closed = new Promise((resolve) => {
      left = resolve;
    });
    const abort = new AbortController();
    const emulator = await emulatorThat((_request, response) => {
      response.on("close", left);
      abort.abort();
    });
    const call = fetch(await doorTo(emulator, interceptor), { signal: abort.signal });

    await expect(call).rejects.toThrow();
    await closed;
    expect(await outcome).toMatchObject({ status: 499, aborted: true });
  });

  test("in the middle of the answer", async () => {
    const { interceptor, outcome } = watcher();
    const emulator = await emulatorThat((_request, response) => response.write("beginning"));
    const response = await fetch(await doorTo(emulator, interceptor));
    await response.body?.cancel();

    expect(await outcome).toMatchObject({ status: 200, aborted: true, sentBytes: 9 });
  });

  test("in the middle of a body that has to be read first", async () => {
    const { interceptor, outcome } = watcher();
    const address = await doorTo(undefined, interceptor);
    const request = http.request(address, {
      method: "POST",
      headers: { "x-amz-target": "DynamoDB_20120810.GetItem", "content-length": 100 },
    });
    request.on("error", () => {});
    request.write("beginning", () => setTimeout(() => request.destroy(), 20));

    expect(await outcome).toMatchObject({ status: 499, aborted: true });
  });

  test("ends a delay", async () => {
    const ended = jest.fn();
    const { interceptor, outcome } = watcher();
    const delay: Interceptor = {
      name: "delay",
      before: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            ended();
            resolve(undefined);
          });
        }),
    };
    const abort = new AbortController();
    const call = fetch(await doorTo(undefined, interceptor, delay), { signal: abort.signal });
    setTimeout(() => abort.abort(), 50);

    await expect(call).rejects.toThrow();
    await outcome;
    expect(ended).toHaveBeenCalled();
  });
});

describe("interceptors", () => {
  test("see the call, its end and what was sent", async () => {
    const seen: unknown[] = [];
    const emulator = await emulatorThat((_request, response) => response.end("hello"));
    const address = await doorTo(emulator, {
      name: "spy",
      before: ({ call }) => void seen.push(call.resource),
      after: (_exchange, { status }) => void seen.push(status),
      done: (_exchange, { status, sentBytes, aborted }) => void seen.push({ status, sentBytes, aborted }),
    });
    await (await fetch(`${address}/_aws/execute-api/abc/live/photos`)).text();

    expect(seen).toEqual(["abc/live/GET/photos", 200, { status: 200, sentBytes: 5, aborted: false }]);
  });

  test("may read an answer that is sent all the same", async () => {
    const emulator = await emulatorThat((_request, response) => response.end("hello"));
    let read: string | undefined;
    const address = await doorTo(emulator, {
      name: "reader",
      after: async (_exchange, { body }) => {
        read = (await body.whole(100))?.toString();
        return undefined;
      },
    });

    expect(await (await fetch(address)).text()).toBe("hello");
    expect(read).toBe("hello");
  });

  test("may answer with a stream", async () => {
    async function* events() {
      yield Buffer.from("data: 1\n\n");
      yield Buffer.from("data: 2\n\n");
    }
    const address = await doorTo(undefined, {
      name: "events",
      before: () => ({
        status: 200,
        headers: ["content-type", "text/event-stream"],
        body: new Body(Readable.from(events())),
      }),
    });

    expect(await (await fetch(address)).text()).toBe("data: 1\n\ndata: 2\n\n");
  });

  test("that answer what cannot be sent lose the call only", async () => {
    const warned = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
    const address = await doorTo(undefined, { name: "odd", before: () => jsonReply(9, {}) });

    await expect(fetch(address)).rejects.toThrow();
    expect(warned).toHaveBeenCalledWith(expect.stringContaining("could not send an answer"));
    warned.mockRestore();
  });

  test("may answer before a large body was read", async () => {
    const address = await doorTo(undefined, { name: "no", before: () => jsonReply(413, {}) });
    const response = await fetch(address, { method: "PUT", body: randomBytes(5_000_000) });

    expect(response.status).toBe(413);
  });
});

test("an address of its own that nobody serves is not the emulator's", async () => {
  const asked = jest.fn();
  const response = await fetch(`${await doorTo(await emulatorThat(asked))}/_gallery/nothing`);

  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(asked).not.toHaveBeenCalled();
});

describe("the port", () => {
  test("is on the loopback", async () => {
    expect(await doorTo(undefined)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("that is in use is an error with a way out", async () => {
    const port = Number(new URL(await doorTo(undefined)).port);
    const second = FrontDoor.start({ port, interceptors: [] });

    await expect(second).rejects.toThrow(PortInUse);
    await expect(second).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use. Stop what listens there or choose another with --port.`,
    );
  });

  test("is free after the stop, calls under way included", async () => {
    const { interceptor, outcome } = watcher();
    const emulator = await emulatorThat(() => {});
    const door = await FrontDoor.start({ interceptors: [interceptor] });
    door.connect(emulator.address);
    const call = fetch(door.address);
    setTimeout(() => door.stop(), 50);

    await expect(call).rejects.toThrow();
    expect(await outcome).toMatchObject({ aborted: true });
    const again = await FrontDoor.start({ port: Number(new URL(door.address).port), interceptors: [] });
    await again.stop();
  });
});

test("bytes of an answer are those of the emulator", async () => {
  const bytes = randomBytes(100_000);
  const emulator = await emulatorThat((_request, response) => response.end(bytes));
  const response = http.get(await doorTo(emulator));
  const [incoming] = (await once(response, "response")) as [http.IncomingMessage];

  expect(digest(await buffer(incoming))).toBe(digest(bytes));
});
