import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { Positions } from "../../../local/completions/running-mapping";
import { StreamProgress } from "../../../local/completions/stream-progress";

const arn = "arn:aws:lambda:eu-west-1:000000000000:event-source-mapping:m";
const at = (places: Record<string, string | undefined>): Positions =>
  new Map(Object.entries(places).map(([id, after]) => [id, { from: "LATEST", after }] as const));

/** A mapping's tags, which may refuse to be written. */
function tagsOf(Tags: Record<string, string> = {}) {
  const writes: Record<string, string>[] = [];
  const fake = { Tags, writes, refuses: false };
  const send = async ({ input }: { input: { Tags?: Record<string, string> } }) => {
    if (input.Tags) {
      if (fake.refuses) throw new Error("the cloud is stopping");
      Object.assign(fake.Tags, input.Tags);
      writes.push(input.Tags);
    }
    return { Tags: fake.Tags };
  };
  return { fake, lambda: { send } as unknown as LambdaClient };
}

test("a mapping begins after the last record of each shard that was saved", async () => {
  const { lambda } = tagsOf({ team: "web" });
  await new StreamProgress(lambda, arn).save(at({ "shard-0": "17", "shard-1": undefined, "shard-2": "3" }));

  const positions = await new StreamProgress(lambda, arn).load();

  expect([...positions]).toEqual([
    ["shard-0", { from: "TRIM_HORIZON", after: "17" }],
    ["shard-2", { from: "TRIM_HORIZON", after: "3" }],
  ]);
});

test("only what has changed is written", async () => {
  const { fake, lambda } = tagsOf();
  const progress = new StreamProgress(lambda, arn);
  await progress.save(at({ a: "1", b: "1" }));
  await progress.save(at({ a: "1", b: "2" }));
  await progress.save(at({ a: "1", b: "2" }));

  expect(fake.writes).toEqual([
    { "gallery:after:a": "1", "gallery:after:b": "1" },
    { "gallery:after:b": "2" },
  ]);
});

test("what could not be written is written the next time", async () => {
  const { fake, lambda } = tagsOf();
  const progress = new StreamProgress(lambda, arn);
  fake.refuses = true;
  await progress.save(at({ a: "1" }));
  fake.refuses = false;
  await progress.save(at({ a: "1" }));

  expect(fake.writes).toEqual([{ "gallery:after:a": "1" }]);
});
