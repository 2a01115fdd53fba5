import * as eb from "@aws-sdk/client-eventbridge";
import { type Bound, service } from "./bind";

interface BusTarget {
  readonly EventBusName: string;
}

const { method } = service(() => new eb.EventBridgeClient({}));

/**
 * EventBridge operations on a bus.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export const busMethods = {
  PutEvents: method(
    "events:PutEvents",
    ({ EventBusName }: BusTarget, input: { Entries: Omit<eb.PutEventsRequestEntry, "EventBusName">[] }) =>
      new eb.PutEventsCommand({ Entries: input.Entries.map((entry) => ({ ...entry, EventBusName })) }),
  ),
};

/** The bound client of an event bus. */
export type BusClient = Bound<typeof busMethods>;
