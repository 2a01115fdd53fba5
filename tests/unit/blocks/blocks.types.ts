// Compiled, not run: what blocks refuse by type.
import type { EventBridgeEvent } from "aws-lambda";
import * as z from "zod";
import type { DeadLetters } from "../../../components/dead-letters";
import type { EventBus } from "../../../components/event-bus";
import { entryOf, eventContract } from "../../../components/event-contract";
import { Table } from "../../../components/table";

const placed = eventContract("shop", "order.placed", () => z.object({ total: z.number() }));
const cancelled = eventContract("shop", "order.cancelled", () => z.object({ reason: z.string() }));

export function contracts(bus: EventBus) {
  bus.on("bill", placed, async (event) => {
    const total: number = event.detail.total;
    const type: "order.placed" = event["detail-type"];
    // @ts-expect-error: the contract's detail has no such field
    return [total, type, event.detail.discount];
  });
  entryOf(placed, { total: 1 });
  // @ts-expect-error: the detail breaks the contract
  entryOf(placed, { total: "1" });
}

export function severalContracts(bus: EventBus) {
  bus.on("book", [placed, cancelled], async (event) => {
    const type: "order.placed" | "order.cancelled" = event["detail-type"];
    const detail: { total: number } | { reason: string } = event.detail;
    // @ts-expect-error: only one of the contracts has the field
    return [type, detail, event.detail.total];
  });
  const ofOne = async (event: EventBridgeEvent<"order.placed", { total: number }>) => event;
  // @ts-expect-error: the handler takes the events of one of them
  bus.on("bill", [placed, cancelled], ofOne);
}

export function tables(deadLetters: DeadLetters) {
  const table = new Table("d", { attributes: { id: "S" }, key: { partition: "id" } });
  const told = async () => ({ batchItemFailures: [] });
  table.onChange("tell", told, { deadLetters });
  // @ts-expect-error: what cannot be processed must go somewhere
  table.onChange("tell", told, {});
  // @ts-expect-error: the key is no declared attribute
  new Table("a", { attributes: { id: "S" }, key: { partition: "other" } });
  new Table("b", {
    attributes: { id: "S" },
    key: { partition: "id" },
    // @ts-expect-error: nor is the index's
    indexes: { byOwner: { partition: "owner" } },
  });
  // @ts-expect-error: no such key type
  new Table("c", { attributes: { id: "string" }, key: { partition: "id" } });
}
