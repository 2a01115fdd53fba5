import type { EventBridgeEvent } from "aws-lambda";

/** Writes every event of the bus to the function's log, where operators and tests can look it up. */
export const journal = async ({
  id,
  source,
  "detail-type": type,
  time,
  detail,
}: EventBridgeEvent<string, unknown>) => {
  const entry = { journal: { id, source, type, time, detail } };
  // An object, whose fields Lambda's JSON log keeps as fields; a console that logs no JSON shows it in one line.
  console.log({ ...entry, [Symbol.for("nodejs.util.inspect.custom")]: () => JSON.stringify(entry) });
};
