import type { ScheduledEvent } from "aws-lambda";
import { entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import type { SqlClient } from "../../components/sdk/rds-data";
import { mostViewedReader } from "./counts";
import { weekSummarised } from "./events";
import { isoWeek } from "./iso-week";

/** Photos of a digest. */
const listed = 10;

const dayMs = 86_400_000;

/** Tells the bus, when a week is over, what was looked at most in its seven days; of a week without any view, nothing. */
export const digest = (database: SqlClient, bus: BusClient) => {
  const mostViewed = mostViewedReader(database);
  return async ({ time }: ScheduledEvent): Promise<void> => {
    const photos = (await mostViewed(7))
      .slice(0, listed)
      .map(({ id, title, views }) => ({ id, title, views }));
    if (photos.length === 0) {
      return;
    }
    // Of the day before, since it runs once the week is over.
    const week = isoWeek(new Date(Date.parse(time) - dayMs));
    const { Entries: [told] = [] } = await bus.PutEvents({
      Entries: [entryOf(weekSummarised, { week, photos }, new Date(time))],
    });
    if (told?.ErrorCode !== undefined) {
      throw new Error(`The bus refused the event of ${week}: ${told.ErrorCode}.`);
    }
  };
};
