import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { Arrival } from "../../../local/front-door/arrival";
import { Callers } from "../../../local/front-door/caller";

function incoming(url: string, headers: Record<string, string> = {}): IncomingMessage {
  const parts = { method: "GET", url, headers, rawHeaders: Object.entries(headers).flat() };
  return Object.assign(Readable.from([Buffer.from("body")]), parts) as unknown as IncomingMessage;
}

test("ids sort by arrival", () => {
  const ids = Array.from({ length: 3000 }, () => new Arrival(incoming("/")).id);

  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("path and query are split, neither decoded twice", () => {
  const { path, query, url } = new Arrival(incoming("/a%2Fb?x=%20&y=1?2"));

  expect([path, url]).toEqual(["/a%2Fb", "/a%2Fb?x=%20&y=1?2"]);
  expect([query.get("x"), query.get("y")]).toEqual([" ", "1?2"]);
});

test("a request that announces no body has none", async () => {
  const whole = (headers: Record<string, string>) => new Arrival(incoming("/", headers)).body.whole(10);

  expect((await whole({}))?.toString()).toBe("");
  expect((await whole({ "content-length": "0" }))?.toString()).toBe("");
  expect((await whole({ "content-length": "4" }))?.toString()).toBe("body");
  expect((await whole({ "transfer-encoding": "chunked" }))?.toString()).toBe("body");
});

test("is nothing before it is recognised", async () => {
  const arrival = new Arrival(incoming("/_aws/execute-api/abc/live/x"));

  expect(arrival.call.kind).toBe("other");
  await arrival.recognise(new Callers());
  expect(arrival.call.kind).toBe("api");
});
