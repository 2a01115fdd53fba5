// Compiled, not run: what blocks refuse by type.
import * as z from "zod";
import type { EventBus } from "../../../components/event-bus";
import { entryOf, eventContract } from "../../../components/event-contract";
import { Table } from "../../../components/table";

const placed = eventContract("shop", "order.placed", () => z.object({ total: z.number() }));

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

export function tables() {
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
