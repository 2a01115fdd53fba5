import { digest } from "./fingerprint";
import type { AnyResourceHandler, Properties, Registration } from "./resource";

/** The inputs with the physical name filled in, as the AWS provider does; another for each generation. */
export function named(
  registration: Registration,
  handler: AnyResourceHandler,
  generation: number,
): Properties {
  const { nameProperty, nameSuffix } = handler;
  const { inputs } = registration;
  if (nameProperty === undefined || inputs[nameProperty] !== undefined) {
    return inputs;
  }
  const name = generatedName(registration, generation) + (nameSuffix?.(inputs) ?? "");
  return { ...inputs, [nameProperty]: name };
}

/** `<logical name>-<7 hex digits>`, the same each time, so that a plan and its deployment agree. */
export function generatedName({ urn, name }: Registration, generation: number): string {
  return `${name}-${digest(`${urn}#${generation}`).slice(0, 7)}`;
}
