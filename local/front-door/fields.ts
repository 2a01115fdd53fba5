/** The named values of a request: its JSON, form or CBOR body, query and path variables. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Fills the placeholders of a template such as `table/{TableName}/index/{IndexName}`. A placeholder is a path
 * into the fields: `*` stands for every item, `#` for every key, `|` precedes what to take when the last step is
 * missing. One with several values yields one text each; one with none, no text at all.
 *
 * A value that is an ARN already takes the place of what precedes it; of a URL the last segment counts.
 */
export function fill(template: string, fields: Fields): string[] {
  let texts = [""];
  for (const [i, part] of template.split(/[{}]/).entries()) {
    const values = i % 2 === 0 ? [part] : valuesAt(fields, part).map(lastOfUrl);
    texts = texts.flatMap((text) => values.map((value) => joined(text, value)));
  }
  return [...new Set(texts)];
}

function joined(text: string, value: string): string {
  return value.startsWith("arn:") ? value : text + value;
}

function lastOfUrl(value: string): string {
  return /^https?:\/\//.test(value) ? value.slice(value.lastIndexOf("/") + 1) : value;
}

function valuesAt(fields: Fields, path: string): string[] {
  const [steps = "", fallback] = path.split("|");
  const inner = steps.split(".");
  const last = inner.pop() ?? "";
  let values: unknown[] = [fields];
  for (const step of inner) {
    values = values.flatMap((value) => take(value, step));
  }
  values = values.flatMap((value) => take(value, last, fallback));
  return values.filter((value): value is string => typeof value === "string" && value !== "");
}

function take(value: unknown, step: string, fallback?: string): unknown[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  if (step === "*") {
    return Object.values(value);
  }
  return step === "#" ? Object.keys(value) : [(value as Fields)[step] ?? fallback];
}
