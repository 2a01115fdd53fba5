import { type LambdaClient, ListTagsCommand, TagResourceCommand } from "@aws-sdk/client-lambda";
import type { Positions } from "./running-mapping";

/** Before a shard's id it makes the name of a tag. */
const PREFIX = "gallery:after:";

/**
 * Keeps how far a mapping has come as tags of the mapping, one a shard: a stream's records outlast a restart of the
 * cloud, and would all come again.
 */
export class StreamProgress {
  #saved: Readonly<Record<string, string>> = {};

  constructor(
    private readonly lambda: LambdaClient,
    private readonly mappingArn: string,
  ) {}

  async load(): Promise<Positions> {
    const { Tags = {} } = await this.lambda.send(new ListTagsCommand({ Resource: this.mappingArn }));
    const ours = Object.entries(Tags).filter(([name]) => name.startsWith(PREFIX));
    this.#saved = Object.fromEntries(ours);
    return new Map(
      ours.map(([name, after]) => [name.slice(PREFIX.length), { from: "TRIM_HORIZON", after }] as const),
    );
  }

  /** Never throws: what is not saved may come again, as it may on AWS. */
  async save(positions: Positions): Promise<void> {
    const Tags: Record<string, string> = {};
    for (const [shardId, { after }] of positions) {
      const name = PREFIX + shardId;
      if (after !== undefined && this.#saved[name] !== after) Tags[name] = after;
    }
    if (Object.keys(Tags).length === 0) return;
    const before = this.#saved;
    this.#saved = { ...before, ...Tags };
    try {
      await this.lambda.send(new TagResourceCommand({ Resource: this.mappingArn, Tags }));
    } catch {
      this.#saved = before;
    }
  }
}
