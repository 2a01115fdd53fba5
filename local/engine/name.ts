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
  const suffix = nameSuffix?.(inputs) ?? "";
  const { namePrefix = `${registration.name}-` } = inputs;
  const name = `${namePrefix}${digits(registration, generation)}${suffix}`;
  return { ...inputs, [nameProperty]: name };
}

/** `<logical name>-<7 hex digits>`, the same each time, so that a plan and its deployment agree. */
export function generatedName(registration: Registration): string {
  return `${registration.name}-${digits(registration, 0)}`;
}

function digits({ urn }: Registration, generation: number): string {
  return digest(`${urn}#${generation}`).slice(0, 7);
}
