/** Attributes of a topic or subscription, which SNS takes as text, each in a call of its own. */
export type Attributes = Record<string, string>;

/** The attributes that have a value. */
export function given(attributes: Record<string, unknown>): Attributes {
  const values = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
}

/** The attributes to set so that `had` becomes `wanted`: what is no longer given gets its default again. */
export function changes(
  wanted: Attributes,
  had: Attributes,
  defaults: Attributes,
): [name: string, value: string][] {
  const dropped = Object.keys(had).filter((name) => !(name in wanted));
  return [
    ...dropped.map((name): [string, string] => [name, defaults[name] ?? ""]),
    ...Object.entries(wanted).filter(([name, value]) => had[name] !== value),
  ];
}
