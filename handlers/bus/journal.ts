import type { EventBridgeEvent } from "aws-lambda";

/** Whose events tell of people: a log would keep it longer than they stay. */
const personal = ["gallery.users"];

/** Writes every event of the bus to the function's log, where operators and tests can look it up; of people, only that something was told. */
export const journal = async ({
  id,
  source,
  "detail-type": type,
  time,
  detail,
}: EventBridgeEvent<string, unknown>) => {
  const told = personal.includes(source) ? {} : { detail };
  const entry = { journal: { id, source, type, time, ...told } };
  // An object, whose fields Lambda's JSON log keeps as fields; a console that logs no JSON shows it in one line.
  console.log({ ...entry, [Symbol.for("nodejs.util.inspect.custom")]: () => JSON.stringify(entry) });
};
