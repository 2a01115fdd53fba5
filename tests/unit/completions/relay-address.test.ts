import { RELAY_PATH, TARGET_HEADER, TOKEN_HEADER } from "../../../local/completions/relay";
import { RelayAddress, type Relayed } from "../../../local/completions/relay-address";
import { ServiceCallers } from "../../../local/completions/service-callers";
import { exchangeOf, jsonCall } from "../front-door/exchange";

function relayAddress(): { address: RelayAddress; relayed: Relayed[] } {
  const address = new RelayAddress();
  const relayed: Relayed[] = [];
  address.onEvent = (one) => relayed.push(one);
  return { address, relayed };
}

const post = (headers: Record<string, string>, body: string) =>
  exchangeOf({ method: "POST", url: RELAY_PATH, headers, body });

test("takes a rule's event and a schedule's call", async () => {
  const { address, relayed } = relayAddress();
  const token = { [TOKEN_HEADER]: address.token };
  const first = await address.before(await post({ ...token, [TARGET_HEADER]: "bus/rule/t" }, '{"id":1}'));
  const second = await address.before(await post(token, '{"schedule":"default/nightly"}'));

  expect([first?.status, second?.status]).toEqual([202, 202]);
  expect(relayed).toEqual([{ target: "bus/rule/t", event: '{"id":1}' }, { schedule: "default/nightly" }]);
});

test("takes nothing without the token, and leaves other addresses alone", async () => {
  const { address, relayed } = relayAddress();

  expect((await address.before(await post({ [TARGET_HEADER]: "bus/rule/t" }, "{}")))?.status).toBe(403);
  expect((await address.before(await post({ [TOKEN_HEADER]: "x" }, "{}")))?.status).toBe(403);
  expect(await address.before(await exchangeOf({ url: "/_gallery/calls" }))).toBeUndefined();
  expect(relayed).toEqual([]);
});

test("tells of every call that is over", async () => {
  const { address } = relayAddress();
  const heard: [string, number][] = [];
  address.onCall = ({ action }, status) => heard.push([action, status]);
  const exchange = await exchangeOf(jsonCall("dynamodb", "DynamoDB_20120810.PutItem", { TableName: "t" }));
  address.done(exchange, { status: 200, durationMs: 1, sentBytes: 2, aborted: false });

  expect(heard).toEqual([["dynamodb:PutItem", 200]]);
});

test("a service's session is known by its principal", () => {
  const callers = new ServiceCallers();
  callers.introduce("ASIAEVENTS", "events.amazonaws.com");

  expect(callers.name("ASIAEVENTS")).toEqual({ name: "events.amazonaws.com" });
  expect(callers.name("test")).toEqual({ name: "deployer" });
});
