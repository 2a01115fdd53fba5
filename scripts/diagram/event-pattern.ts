/** An EventBridge event pattern in a few words: `photo.published`, `gallery.*`. */
export function patternText(json: unknown): string {
  const { source, "detail-type": types, detail } = parse(json);
  const matchers = [types, source].find((list) => Array.isArray(list) && list.length > 0);
  const text = Array.isArray(matchers) ? matchers.map(matcherText).join(", ") : "every event";
  return detail === undefined ? text : `${text}, some`;
}

function matcherText(matcher: unknown): string {
  if (typeof matcher !== "object" || matcher === null) {
    return String(matcher);
  }
  const [[operator, value] = ["", ""]] = Object.entries(matcher);
  switch (operator) {
    case "prefix":
      return `${value}*`;
    case "suffix":
      return `*${value}`;
    case "wildcard":
      return String(value);
    case "anything-but":
      return `not ${[value].flat().map(matcherText).join(", ")}`;
    default:
      return JSON.stringify(matcher);
  }
}

function parse(json: unknown): Record<string, unknown> {
  return typeof json === "string" ? (JSON.parse(json) as Record<string, unknown>) : {};
}
