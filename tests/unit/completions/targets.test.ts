import type * as http from "node:http";
import { text } from "node:stream/consumers";
import { Service } from "../../../local/completions/service";
import { ServiceCallers } from "../../../local/completions/service-callers";
import { Targets } from "../../../local/completions/targets";
import { type FakeEmulator, fakeEmulator } from "../front-door/fake-emulator";
import { resource } from "./resource";

const functionArn = "arn:aws:lambda:eu-west-1:000000000000:function:roll-up";
const session =
  "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>" +
  "<Expiration>2100-01-01T00:00:00Z</Expiration>";

let emulator: FakeEmulator;
let targets: Targets;
/** Events as the function got them, and how it was invoked. */
let invocations: { event: unknown; type: string | undefined }[];
let status: number;

beforeEach(async () => {
  invocations = [];
  status = 202;
  emulator = await fakeEmulator(async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const body = await text(request);
    if (!request.url?.includes("/invocations")) {
      response.end(session);
      return;
    }
    invocations.push({ event: JSON.parse(body), type: `${request.headers["x-amz-invocation-type"]}` });
    response.writeHead(status, { "x-amzn-errortype": "ServiceException" }).end("{}");
  });
  const { address } = emulator;
  const surroundings = {
    region: "eu-west-1",
    account: "000000000000",
    endpoint: address,
    emulatorAddress: address,
  };
  const as = (principal: string) => new Service(principal, surroundings, new ServiceCallers());
  targets = new Targets(as("events.amazonaws.com"), as("scheduler.amazonaws.com"));
});
afterEach(async () => {
  targets.stop();
  await emulator.stop();
});

const rule = resource("aws:cloudwatch/eventTarget:EventTarget", "t", {
  rule: "published",
  eventBusName: "gallery",
  targetId: "t",
  arn: functionArn,
});
const schedule = (input?: string) =>
  resource(
    "aws:scheduler/schedule:Schedule",
    "default/nightly",
    { target: { arn: functionArn, ...(input !== undefined && { input }) } },
    { arn: "arn:aws:scheduler:eu-west-1:000000000000:schedule/default/nightly" },
  );

async function invoked(count: number) {
  while (invocations.length < count) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return invocations;
}

test("an event is handed over for asynchronous invocation", async () => {
  targets.configure([rule]);
  targets.take({ target: "gallery/published/t", event: '{"detail":{"photo":"p1"}}' });

  expect(await invoked(1)).toEqual([{ event: { detail: { photo: "p1" } }, type: "Event" }]);
});

test("an event that comes before its target is known waits for the deployment", async () => {
  targets.take({ target: "gallery/published/t", event: "{}" });
  targets.take({ target: "gallery/gone/t", event: '{"lost":true}' });
  targets.configure([rule]);

  expect(await invoked(1)).toMatchObject([{ event: {} }]);
});

test("what is refused is tried again", async () => {
  status = 500;
  targets.configure([rule]);
  targets.take({ target: "gallery/published/t", event: "{}" });
  await invoked(2);
  status = 202;

  expect((await invoked(3)).length).toBe(3);
});

test("a schedule without an input tells of itself", async () => {
  targets.configure([schedule()]);
  targets.take({ schedule: "default/nightly" });

  expect((await invoked(1))[0]?.event).toMatchObject({
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    resources: ["arn:aws:scheduler:eu-west-1:000000000000:schedule/default/nightly"],
    detail: "{}",
  });
});

test("a schedule's input has its context attributes filled in", async () => {
  const input = '{"at":"<aws.scheduler.scheduled-time>","try":<aws.scheduler.attempt-number>,"b":"<b>"}';
  targets.configure([schedule(input)]);
  targets.take({ schedule: "default/nightly" });

  expect((await invoked(1))[0]?.event).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    try: 1,
    b: "<b>",
  });
});
