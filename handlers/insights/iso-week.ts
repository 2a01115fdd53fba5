const dayMs = 86_400_000;

/** The week of a time in UTC by ISO 8601, such as `2026-W48`: weeks begin on Monday, and belong to the year of their Thursday. */
export function isoWeek(time: Date): string {
  const midnight = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate());
  const thursday = new Date(midnight + (3 - ((time.getUTCDay() + 6) % 7)) * dayMs);
  const newYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = 1 + Math.floor((thursday.getTime() - newYear) / (7 * dayMs));
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** The last Sunday before the day of a time, in UTC: the end of the last week that is over. */
export function lastSunday(time: Date): Date {
  return new Date(time.getTime() - (((time.getUTCDay() + 6) % 7) + 1) * dayMs);
}
