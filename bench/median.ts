/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** Median and range of times, such as `41.2 ms (39.8–55.0)`. */
export function milliseconds(times: readonly number[]): string {
  return summary(times, "ms", 1);
}

/** Median and range, in seconds, of times in milliseconds, such as `4.12 s (3.98–5.50)`. */
export function seconds(times: readonly number[]): string {
  return summary(
    times.map((time) => time / 1000),
    "s",
    2,
  );
}

function summary(values: readonly number[], unit: string, digits: number): string {
  const [middle, least, greatest] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  );
  return `${middle} ${unit} (${least}–${greatest})`;
}
