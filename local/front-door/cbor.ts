/** Bytes that are no CBOR of the kind AWS services send. */
export class BadCbor extends Error {
  override readonly name = "BadCbor";
}

const BREAK = Symbol("break");

/** Decodes CBOR (RFC 8949) as Smithy RPC v2 uses it: maps with text keys, times as tagged numbers. */
export function decodeCbor(bytes: Buffer): unknown {
  return new Decoder(bytes).item();
}

/** Encodes a flat map of texts, which is all that an error needs. */
export function encodeCborTexts(texts: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(texts);
  const parts = entries.flatMap(([key, value]) => [text(key), text(value)]);
  return Buffer.concat([head(5, entries.length), ...parts]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([head(3, bytes.length), bytes]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) {
    return Buffer.from([(major << 5) | count]);
  }
  const bytes = Buffer.alloc(5);
  bytes[0] = (major << 5) | 26;
  bytes.writeUInt32BE(count, 1);
  return bytes;
}

class Decoder {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  item(): unknown {
    const value = this.#next();
    if (value === BREAK) {
      throw new BadCbor(`unexpected end of an open list at byte ${this.#at}`);
    }
    return value;
  }

  #next(): unknown {
    const [initial = 0] = this.#take(1);
    const major = initial >> 5;
    const info = initial & 31;
    if (major === 7) {
      return this.#simple(info);
    }
    const open = info === 31;
    const count = open ? Number.POSITIVE_INFINITY : this.#count(info);
    switch (major) {
      case 0:
        return count;
      case 1:
        return -1 - count;
      case 2:
        return open ? Buffer.concat(this.#items(count) as Buffer[]) : this.#take(count);
      case 3:
        return open ? this.#items(count).join("") : this.#take(count).toString();
      case 4:
        return this.#items(count);
      case 5:
        return this.#map(count);
      default:
        return this.item();
    }
  }

  #simple(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 25:
        return this.#take(2);
      case 26:
        return this.#take(4).readFloatBE();
      case 27:
        return this.#take(8).readDoubleBE();
      case 31:
        return BREAK;
      default:
        return undefined;
    }
  }

  #count(info: number): number {
    switch (info) {
      case 24:
        return this.#take(1).readUInt8();
      case 25:
        return this.#take(2).readUInt16BE();
      case 26:
        return this.#take(4).readUInt32BE();
      case 27:
        return Number(this.#take(8).readBigUInt64BE());
      default:
        return info;
    }
  }

  #items(count: number): unknown[] {
    const items: unknown[] = [];
    while (items.length < count) {
      const item = this.#next();
      if (item === BREAK) {
        break;
      }
      items.push(item);
    }
    return items;
  }

  #map(count: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (entries.length < count) {
      const key = this.#next();
      if (key === BREAK) {
        break;
      }
      entries.push([String(key), this.item()]);
    }
    return Object.fromEntries(entries);
  }

  #take(count: number): Buffer {
    const end = this.#at + count;
    if (end > this.bytes.length) {
      throw new BadCbor(`${count} bytes expected at byte ${this.#at}, ${this.bytes.length - this.#at} left`);
    }
    const taken = this.bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
