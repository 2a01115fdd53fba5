/**
 * What a function's answer names as failed; none where it reports nothing. What is no identifier becomes one that fits
 * no record.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function itemFailures(answer: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch {
    return [];
  }
  const { batchItemFailures } = (value ?? {}) as { batchItemFailures?: { itemIdentifier?: unknown }[] };
  if (!Array.isArray(batchItemFailures)) return [];
  return batchItemFailures.map((failure) => String(failure?.itemIdentifier ?? ""));
}
