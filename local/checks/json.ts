/** What a JSON text says; undefined for text that is no JSON, which AWS itself refuses. */
export function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
