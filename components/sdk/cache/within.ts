/**
 * What the work comes to, or an error named `TimedOut` if it takes longer. The work goes on all the same: who gives it
 * up also ends it.
 */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = () =>
      reject(Object.assign(new Error(`${what} took more than ${milliseconds} ms`), { name: "TimedOut" }));
    timer = setTimeout(give, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
