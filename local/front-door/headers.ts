/** Header names and values in turn, as they stand on the wire: order, case and repetitions kept. */
export type RawHeaders = readonly string[];

/** Value of the first header of that name, whatever its case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() === wanted) {
      return headers[i + 1];
    }
  }
  return undefined;
}

/** The headers without those named; names in lower case. */
export function withoutHeaders(headers: RawHeaders, names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i] ?? "";
    if (!names.has(name.toLowerCase())) {
      kept.push(name, headers[i + 1] ?? "");
    }
  }
  return kept;
}
