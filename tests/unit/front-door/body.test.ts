import { PassThrough, Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Body, BodyCutOff } from "../../../local/front-door/body";

async function received(body: Body): Promise<string> {
  const to = new PassThrough();
  body.sendTo(to);
  return (await buffer(to)).toString();
}

test("a body of bytes is there at once, and is sent", async () => {
  const body = new Body("hello");

  expect((await body.whole(5))?.toString()).toBe("hello");
  expect(await received(body)).toBe("hello");
  expect(body.sentBytes).toBe(5);
});

test("a body that was read is sent all the same", async () => {
  const body = new Body(Readable.from([Buffer.from("ab"), Buffer.from("cd")]));

  expect((await body.whole(10))?.toString()).toBe("abcd");
  expect((await body.whole(10))?.toString()).toBe("abcd");
  expect(await received(body)).toBe("abcd");
});

test("a body too long to be held is sent all the same", async () => {
  const body = new Body(Readable.from([Buffer.from("ab"), Buffer.from("cd"), Buffer.from("ef")]));

  expect(await body.whole(3)).toBeUndefined();
  expect(await received(body)).toBe("abcdef");
  expect(body.sentBytes).toBe(6);
});

test("the beginning is read no further than asked", async () => {
  const source = new PassThrough();
  const body = new Body(source);
  source.write("abc");

  expect((await body.beginning(2)).toString()).toBe("abc");
  source.end("def");
  expect(await received(body)).toBe("abcdef");
});

test("nothing is asked of a sender whose body nobody reads", async () => {
  const asked = jest.fn();
  const body = new Body(Readable.from([Buffer.from("ab")]), asked);

  expect(await received(body)).toBe("ab");
  expect(asked).not.toHaveBeenCalled();
});

test("looking into a body asks the sender for it", async () => {
  const asked = jest.fn();
  await new Body(Readable.from([Buffer.from("ab")]), asked).whole(10);

  expect(asked).toHaveBeenCalledTimes(1);
});

test("a sender that leaves while its body is being read is an error", async () => {
  const source = new PassThrough();
  const whole = new Body(source).whole(10);
  source.write("ab");
  source.destroy();

  await expect(whole).rejects.toThrow(BodyCutOff);
  await expect(new Body(source).whole(10)).rejects.toThrow(BodyCutOff);
});

test.each(["before", "after"])("a body cut off %s it is sent cuts off the receiver too", async (when) => {
  const source = new PassThrough();
  const to = new Writable({ write: (_chunk, _encoding, done) => done() });
  const closed = new Promise((resolve) => to.on("close", resolve));
  if (when === "before") {
    source.destroy();
  }
  new Body(source).sendTo(to);
  source.destroy(new Error("gone"));
  await closed;

  expect(to.writableFinished).toBe(false);
});

test("a body nobody wants is drained", async () => {
  const source = Readable.from([Buffer.from("ab")]);
  const ended = new Promise((resolve) => source.on("end", resolve));
  new Body(source).discard();

  await ended;
});
