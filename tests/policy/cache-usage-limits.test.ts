import { ServerlessCache } from "@pulumi/aws/elasticache/serverlessCache";
import { cacheUsageLimits } from "../../policy/rules/cache-usage-limits";
import { judge, unknown } from "./judge";

const problems = (limits: unknown) =>
  judge(cacheUsageLimits, ServerlessCache, { cacheUsageLimits: limits }).map(
    (message) => message.split(". ")[0],
  );
const data = "'subject' has no limit for its data";
const commands = "'subject' has no limit for its commands";
const dataStorage = { maximum: 1, unit: "GB" };

describe("cache-usage-limits", () => {
  test.each([
    [undefined, [data, commands]],
    [{}, [data, commands]],
    [{ dataStorage }, [commands]],
    [{ ecpuPerSeconds: [{ maximum: 1000 }] }, [data]],
    [{ dataStorage: { minimum: 1, unit: "GB" }, ecpuPerSeconds: [{ minimum: 1000 }] }, [data, commands]],
    [{ dataStorage, ecpuPerSeconds: [] }, [commands]],
  ])("refuses %j", (limits, expected) => {
    expect(problems(limits)).toEqual(expected);
  });

  test.each([
    { dataStorage, ecpuPerSeconds: [{ maximum: 1000 }] },
    { dataStorage: { maximum: unknown, unit: "GB" }, ecpuPerSeconds: [{ maximum: 1000 }] },
    unknown,
  ])("lets %j pass", (limits) => {
    expect(problems(limits)).toEqual([]);
  });

  test("says nothing of a cache that is exempt with a reason", () => {
    const config = { exempt: { subject: "grows with the company" } };

    expect(judge(cacheUsageLimits, ServerlessCache, {}, config)).toEqual([]);
  });
});
