import type * as eb from "@aws-sdk/client-eventbridge";
import type * as z from "zod";

/** The agreement of a producer and its consumers on one type of event: its name, its shape, its TypeScript type. */
export interface EventContract<Type extends string = string, Detail = unknown> {
  /** Who tells it, such as `gallery.photos`. */
  readonly source: string;
  /** What happened, such as `photo.published`: the `detail-type` on the bus. */
  readonly type: Type;
  /** Shape of `detail`; a function, since a schema itself cannot be captured by a callback. */
  readonly schema: () => z.ZodType<Detail>;
}

/** Declares a contract. Share the constant: the producer makes entries of it, consumers subscribe to it. */
export function eventContract<Type extends string, Detail>(
  source: string,
  type: Type,
  schema: () => z.ZodType<Detail>,
): EventContract<Type, Detail> {
  return { source, type, schema };
}

/** An entry for `PutEvents`; throws a ZodError when the detail breaks the contract. `time` is when it happened. */
export function entryOf<Detail>(
  contract: EventContract<string, Detail>,
  detail: Detail,
  time?: Date,
): eb.PutEventsRequestEntry {
  return {
    Source: contract.source,
    DetailType: contract.type,
    Detail: JSON.stringify(contract.schema().parse(detail)),
    Time: time,
  };
}
