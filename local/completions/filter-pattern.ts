/** Tells whether a record fits. */
export type Filter = (record: unknown) => boolean;

/** A filter pattern that Lambda would refuse. */
export class BadFilterPattern extends Error {
  constructor(pattern: string, reason: string) {
    super(`The filter pattern ${pattern} is not one of Lambda's: ${reason}`);
    this.name = "BadFilterPattern";
  }
}

/** Tests the values found at a field; none when the field is absent. */
type Test = (values: readonly unknown[]) => boolean;

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** Operator → test of one value. `exists` and `anything-but` are apart: they look at all values of a field. */
const operators: Readonly<Record<string, (operand: unknown) => (value: unknown) => boolean>> = {
  prefix: (operand) => text(operand, (value, beginning) => value.startsWith(beginning)),
  suffix: (operand) => text(operand, (value, end) => value.endsWith(end)),
  "equals-ignore-case": (operand) =>
    text(operand, (value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  numeric: (operand) => {
    const parts = list(operand);
    const bounds = parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]]] : []));
    const tests = bounds.map(([operator, bound]) => {
      const compare = comparisons[String(operator)];
      if (!compare || typeof bound !== "number")
        throw new Error(`"numeric" takes pairs such as [">", 0], not ${JSON.stringify(operand)}`);
      return (value: number) => compare(value, bound);
    });
    return (value) => typeof value === "number" && tests.every((test) => test(value));
  },
};

/**
 * Compiles the pattern of an event source mapping's filter.
 * @throws BadFilterPattern
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export function filterPattern(pattern: string): Filter {
  try {
    return record(JSON.parse(pattern));
  } catch (error) {
    throw new BadFilterPattern(pattern, error instanceof Error ? error.message : String(error));
  }
}

function record(pattern: unknown): Filter {
  if (!isObject(pattern)) throw new Error("it must be an object");
  const tests = Object.entries(pattern).map(([field, inner]): Filter => {
    if (field === "$or") {
      const branches = list(inner).map(record);
      return (value) => branches.some((fits) => fits(value));
    }
    if (isObject(inner)) {
      const fits = record(inner);
      return (value) => fits(isObject(value) ? value[field] : undefined);
    }
    if (!Array.isArray(inner)) throw new Error(`the field "${field}" must hold a list or an object`);
    const alternatives = inner.map(condition);
    return (value) => {
      const found = isObject(value) ? valuesOf(value[field]) : [];
      return alternatives.some((fits) => fits(found));
    };
  });
  return (value) => tests.every((fits) => fits(value));
}

function condition(wanted: unknown): Test {
  if (!isObject(wanted)) return (values) => values.includes(wanted);
  const [[operator, operand] = ["", undefined], ...more] = Object.entries(wanted);
  if (more.length > 0) throw new Error(`${JSON.stringify(wanted)} has more than one operator`);
  if (operator === "exists") return (values) => values.length > 0 === Boolean(operand);
  if (operator === "anything-but") {
    const banned = isObject(operand) ? condition(operand) : anyOf(list(operand));
    return (values) => values.length > 0 && !banned(values);
  }
  const test = operators[operator]?.(operand);
  if (!test) throw new Error(`there is no operator "${operator}"`);
  return (values) => values.some(test);
}

function anyOf(wanted: readonly unknown[]): Test {
  return (values) => values.some((value) => wanted.includes(value));
}

/** A list in a record fits when one of its members does; what is no leaf has no values. */
function valuesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(valuesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function text(operand: unknown, test: (value: string, operand: string) => boolean) {
  const wanted = isObject(operand) ? operand["equals-ignore-case"] : operand;
  if (typeof wanted !== "string") throw new Error(`${JSON.stringify(operand)} must be text`);
  return isObject(operand)
    ? (value: unknown) => typeof value === "string" && test(value.toLowerCase(), wanted.toLowerCase())
    : (value: unknown) => typeof value === "string" && test(value, wanted);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
