/** A kind of subnet that each zone gets one of. */
export interface SubnetSpec {
  /** What its names have in place of the type. */
  readonly name?: string;
  readonly type: string;
  /** Length of its prefix, in bits. @default an even part of the zone's range */
  readonly cidrMask?: number;
}

export interface Subnet {
  readonly name: string;
  readonly type: string;
  readonly zone: string;
  readonly cidrBlock: string;
}

/** Bits that tell so many apart. */
const bitsFor = (count: number) => Math.ceil(Math.log2(count));

/**
 * Ranges for a subnet of each kind in each zone: the network is divided evenly among the zones, and what is in a zone
 * follows one upon the other, each at a multiple of its size.
 */
export function layout(
  network: string,
  cidrBlock: string,
  zones: readonly string[],
  specs: readonly SubnetSpec[],
): Subnet[] {
  const [base = "", length] = cidrBlock.split("/");
  const zoneMask = Number(length) + bitsFor(zones.length);
  const evenMask = zoneMask + bitsFor(specs.length);
  return zones.flatMap((zone, index) => {
    let next = numberOf(base) + index * sizeOf(zoneMask);
    return specs.map(({ type, name = type.toLowerCase(), cidrMask = evenMask }) => {
      const size = sizeOf(cidrMask);
      const start = Math.ceil(next / size) * size;
      next = start + size;
      return {
        name: `${network}-${name}-${index + 1}`,
        type,
        zone,
        cidrBlock: `${addressOf(start)}/${cidrMask}`,
      };
    });
  });
}

const sizeOf = (mask: number) => 2 ** (32 - mask);

const numberOf = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

const addressOf = (number: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
