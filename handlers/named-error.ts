/**
 * An error to throw that a workflow's `retry` and `catch` know by this name. Not a class: its name would be another one
 * in the bundle, which is minified.
 */
export function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
