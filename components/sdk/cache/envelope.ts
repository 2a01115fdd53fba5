/** Of the form that values are kept in: what another version has written is read anew. */
const version = 1;

/** A value as it is kept, with the time until which it is fresh, in milliseconds since 1970. */
export interface Envelope {
  readonly value: unknown;
  readonly freshUntil: number;
}

/** The text to keep, or undefined for what JSON cannot hold, such as `undefined` or a bigint. */
export function seal({ value, freshUntil }: Envelope): string | undefined {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text && `{"version":${version},"freshUntil":${Math.floor(freshUntil)},"value":${text}}`;
  } catch {
    return undefined;
  }
}

/** What was sealed; throws for any other text. */
export function unseal(text: string): Envelope {
  const kept = JSON.parse(text);
  if (kept?.version !== version || !Number.isSafeInteger(kept.freshUntil) || !("value" in kept)) {
    throw new Error("it is not in the form that values are kept in");
  }
  return kept;
}
