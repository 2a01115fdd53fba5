import { awsError } from "./aws-error";
import type { Exchange, Interceptor, Outcome, Reply, Tunnel } from "./interceptor";

/** Interceptors around the emulator, the first outermost. */
export class Chain {
  constructor(private readonly interceptors: readonly Interceptor[]) {}

  /** Takes a call inwards to whoever answers it first, and the answer back outwards. */
  async answer(exchange: Exchange, emulator: () => Promise<Reply>, ring = 0): Promise<Reply> {
    const interceptor = this.interceptors[ring];
    if (!interceptor) {
      return emulator();
    }
    const own = await attempt(exchange, interceptor, () => interceptor.before?.(exchange));
    if (own) {
      return own;
    }
    const reply = await this.answer(exchange, emulator, ring + 1);
    const other = await attempt(exchange, interceptor, () => interceptor.after?.(exchange, reply));
    if (other && other.body !== reply.body) {
      reply.body.discard();
    }
    return other ?? reply;
  }

  done(exchange: Exchange, outcome: Outcome): void {
    for (const interceptor of this.interceptors) {
      notify(interceptor, () => interceptor.done?.(exchange, outcome));
    }
  }

  opened(exchange: Exchange, tunnel: Tunnel): void {
    for (const interceptor of this.interceptors) {
      notify(interceptor, () => interceptor.opened?.(exchange, tunnel));
    }
  }

  async stop(): Promise<void> {
    for (const interceptor of this.interceptors) {
      await interceptor.stop?.();
    }
  }
}

/** A plug-in that fails says so in the answer, where whoever is waiting for it will see it. */
async function attempt(
  exchange: Exchange,
  { name }: Interceptor,
  step: () => Reply | undefined | Promise<Reply | undefined>,
): Promise<Reply | undefined> {
  try {
    return await step();
  } catch (error) {
    return awsError(exchange, 500, "InternalFailure", failure(name, error));
  }
}

/** Nobody waits for an observer: its failure is only worth a warning. */
function notify({ name }: Interceptor, step: () => void): void {
  try {
    step();
  } catch (error) {
    process.emitWarning(failure(name, error));
  }
}

function failure(name: string, error: unknown): string {
  return `The front door's interceptor "${name}" failed: ${String(error)}`;
}
