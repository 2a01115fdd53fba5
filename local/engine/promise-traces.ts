/**
 * Spares the stack trace that the SDK takes of every promise it makes, for its own debugging: writing them out would
 * double the time of an evaluation. Answers what takes that back.
 */
export function withoutPromiseTraces(): () => void {
  const { prepareStackTrace, stackTraceLimit } = Error;
  // Enough for where the program went wrong; more would cost as much again.
  Error.stackTraceLimit = 2;
  Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFileName()?.endsWith("/@pulumi/pulumi/runtime/debuggable.js")
      ? ""
      : (prepareStackTrace?.(error, frames) ?? `${error}\n    at ${frames.join("\n    at ")}`);
  return () => {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  };
}
