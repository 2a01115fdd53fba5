const fields = 6;

/**
 * Whether an IAM pattern covers a text: `*` stands for any characters, `?` for any one. A `*` in the text itself
 * means that the text may be anything there, which only a `*` of the pattern covers.
 */
export function covers(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[\\^$.|+()[\]{}]|\?|\*+/g, (part) => {
    if (part.startsWith("*")) {
      return "[^]*";
    }
    return part === "?" ? "[^*]" : `\\${part}`;
  });
  return new RegExp(`^${expression}$`, "u").test(text);
}

/**
 * The same for ARNs, whose six parts are compared one by one: a wildcard reaches no further than its part. Parts
 * that the pattern leaves out may be anything.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function coversArn(pattern: string, arn: string): boolean {
  if (pattern === "*" || arn === "*") {
    return pattern === "*";
  }
  const patterns = parts(pattern);
  return parts(arn).every((part, index) => covers(patterns[index] ?? "*", part));
}

function parts(arn: string): string[] {
  const all = arn.split(":");
  return all.length < fields ? all : [...all.slice(0, fields - 1), all.slice(fields - 1).join(":")];
}
