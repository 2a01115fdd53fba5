/** An item as JavaScript has it. */
export type Attributes = Record<string, unknown>;

export interface Expression {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Attributes;
}

/**
 * Whether an item meets a condition of DynamoDB made of comparisons, `attribute_not_exists`, AND, OR and parentheses.
 * As there, a comparison with an attribute that is absent does not hold, but `<>` does.
 */
export function meets(
  item: Attributes | undefined,
  condition: string,
  { names, values }: Expression,
): boolean {
  const tokens = condition.match(/attribute_not_exists|AND|OR|<>|[#:]\w+|[()=<]/g) ?? [];
  let position = 0;
  const take = () => {
    const token = tokens[position];
    position += 1;
    if (token === undefined) {
      throw new Error(`the condition ends too early: ${condition}`);
    }
    return token;
  };
  const attribute = () => {
    const name = names[take()];
    if (name === undefined) {
      throw new Error(`a name of the condition is not given: ${condition}`);
    }
    return item?.[name];
  };
  const term = (): boolean => {
    if (tokens[position] === "(") {
      take();
      const holds = alternatives();
      take();
      return holds;
    }
    if (tokens[position] === "attribute_not_exists") {
      position += 2;
      const holds = attribute() === undefined;
      take();
      return holds;
    }
    const left = attribute();
    const operator = take();
    const right = values[take()];
    if (right === undefined) {
      throw new Error(`a value of the condition is not given: ${condition}`);
    }
    switch (operator) {
      case "=":
        return left === right;
      case "<>":
        return left !== right;
      case "<":
        return typeof left === "string" && left < String(right);
      default:
        throw new Error(`the operator ${operator} is not known here: ${condition}`);
    }
  };
  const all = (): boolean => {
    let holds = term();
    while (tokens[position] === "AND") {
      take();
      holds = term() && holds;
    }
    return holds;
  };
  function alternatives(): boolean {
    let holds = all();
    while (tokens[position] === "OR") {
      take();
      holds = all() || holds;
    }
    return holds;
  }
  const holds = alternatives();
  if (position !== tokens.length) {
    throw new Error(`the condition has more than is known here: ${condition}`);
  }
  return holds;
}
