import * as fc from "fast-check";
import { layout } from "../../../local/aws/subnet-layout";

const specs = fc.uniqueArray(fc.constantFrom("Public", "Private", "Isolated"), { minLength: 1 });
const zoneCounts = fc.integer({ min: 1, max: 6 });

interface Range {
  readonly first: number;
  readonly last: number;
}

function rangeOf(cidrBlock: string): Range {
  const [address = "", mask] = cidrBlock.split("/");
  const first = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(mask)) - 1 };
}

function subnetsOf(cidrBlock: string, zones: number, types: readonly string[]) {
  const names = Array.from({ length: zones }, (_, i) => `z${i}`);
  return layout(
    "net",
    cidrBlock,
    names,
    types.map((type) => ({ type })),
  );
}

test("subnets lie within the network, each at a multiple of its size, and none overlaps another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 22 }), zoneCounts, specs, (mask, zones, types) => {
      const network = `10.0.0.0/${mask}`;
      const ranges = subnetsOf(network, zones, types)
        .map((subnet) => rangeOf(subnet.cidrBlock))
        .sort((a, b) => a.first - b.first);
      const { first, last } = rangeOf(network);

      expect(ranges).toHaveLength(zones * types.length);
      for (const [i, range] of ranges.entries()) {
        const size = range.last - range.first + 1;
        expect(range.first % size).toBe(0);
        expect(range.first).toBeGreaterThanOrEqual(i === 0 ? first : (ranges[i - 1]?.last ?? 0) + 1);
        expect(range.last).toBeLessThanOrEqual(last);
      }
    }),
  );
});

test("each zone has a subnet of each kind, named as the plugin names them", () => {
  const subnets = subnetsOf("10.0.0.0/16", 2, ["Public", "Private"]);

  expect(subnets).toEqual([
    { name: "net-public-1", type: "Public", zone: "z0", cidrBlock: "10.0.0.0/18" },
    { name: "net-private-1", type: "Private", zone: "z0", cidrBlock: "10.0.64.0/18" },
    { name: "net-public-2", type: "Public", zone: "z1", cidrBlock: "10.0.128.0/18" },
    { name: "net-private-2", type: "Private", zone: "z1", cidrBlock: "10.0.192.0/18" },
  ]);
});

test("a smaller subnet before a larger one leaves a gap", () => {
  const subnets = layout(
    "net",
    "10.0.0.0/16",
    ["a"],
    [
      { type: "Public", name: "edge", cidrMask: 24 },
      { type: "Private", cidrMask: 20 },
    ],
  );

  expect(subnets.map(({ name, cidrBlock }) => [name, cidrBlock])).toEqual([
    ["net-edge-1", "10.0.0.0/24"],
    ["net-private-1", "10.0.16.0/20"],
  ]);
});
