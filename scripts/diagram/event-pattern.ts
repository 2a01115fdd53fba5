/** An EventBridge event pattern in a few words: `photo.published`, `gallery.*`. */
export function patternText(json: unknown): string {
  return textOf(parse(json));
}

function textOf({ source, "detail-type": types, detail, $or }: Record<string, unknown>): string {
  const matchers = [types, source].find((list) => Array.isArray(list) && list.length > 0);
  const own = Array.isArray(matchers) ? matchers.map(matcherText).join(", ") : "every event";
  const text = Array.isArray($or) ? $or.map(textOf).join(", ") : own;
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
