/** Percent-decodes; what is not well encoded stays as it is. */
export function decodePercent(text: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
