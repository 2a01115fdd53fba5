import type { EventBridgeEvent } from "aws-lambda";

/** Writes every event of the bus to the function's log, where operators and tests can look it up. */
export const journal = async (event: EventBridgeEvent<string, unknown>): Promise<void> => {
  console.log(
    JSON.stringify({
      journal: {
        id: event.id,
        source: event.source,
        type: event["detail-type"],
        time: event.time,
        detail: event.detail,
      },
    }),
  );
};
