import type { ScheduledEvent } from "aws-lambda";
import { entryOf } from "../../components/event-contract";
import type { BusClient } from "../../components/sdk/eventbridge";
import type { SqlClient } from "../../components/sdk/rds-data";
import { mostViewedReader } from "./counts";
import { weekSummarised } from "./events";
import { isoWeek, lastSunday } from "./iso-week";
import { daysUpTo } from "./view";

/** Photos of a digest. */
const listed = 10;

/**
 * Tells the bus, when a week is over, what was looked at most from its Monday to its Sunday, in UTC; of a week without any
 * view, nothing. However late it runs, it is about the last week that was over at the time of the schedule.
 */
export const digest = (database: SqlClient, bus: BusClient) => {
  const mostViewed = mostViewedReader(database);
  return async ({ time }: ScheduledEvent): Promise<void> => {
    const sunday = lastSunday(new Date(time));
    const photos = (await mostViewed(daysUpTo(sunday, 7)))
      .slice(0, listed)
      .map(({ id, title, views }) => ({ id, title, views }));
    if (photos.length === 0) {
      return;
    }
    const week = isoWeek(sunday);
    const { Entries: [told] = [] } = await bus.PutEvents({
      Entries: [entryOf(weekSummarised, { week, photos }, new Date(time))],
    });
    if (told?.ErrorCode !== undefined) {
      throw new Error(`The bus refused the event of ${week}: ${told.ErrorCode}.`);
    }
  };
};
