/**
 * A function of many inputs at once as a function of one: inputs that come within `windowMs` of each other go
 * together. Where a batch fails, each of its inputs is tried alone, so that an error is told to whom it belongs.
 */
export function batched<Input, Output>(
  work: (inputs: readonly Input[]) => Promise<readonly Output[]>,
  windowMs: number,
): (input: Input) => Promise<Output> {
  interface Waiting {
    readonly input: Input;
    readonly resolve: (output: Output | PromiseLike<Output>) => void;
  }
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const alone = async (input: Input): Promise<Output> => {
    const [output] = await work([input]);
    return output as Output;
  };
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    try {
      const outputs = await work(batch.map(({ input }) => input));
      for (const [index, { resolve }] of batch.entries()) {
        resolve(outputs[index] as Output);
      }
    } catch {
      for (const { input, resolve } of batch) {
        resolve(alone(input));
      }
    }
  };
  return (input) =>
    new Promise((resolve) => {
      waiting.push({ input, resolve });
      clearTimeout(timer);
      timer = setTimeout(flush, windowMs);
    });
}
