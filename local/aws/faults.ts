import type { Properties } from "../engine/resource";

const absent = new Set([
  "DashboardNotFoundError",
  "NoSuchBucket",
  "NoSuchBucketPolicy",
  "NoSuchCORSConfiguration",
  "NoSuchEntityException",
  "NoSuchLifecycleConfiguration",
  "NoSuchPublicAccessBlockConfiguration",
  "NotFound",
  "NotFoundException",
  "OwnershipControlsNotFoundError",
  "ParameterNotFound",
  "QueueDoesNotExist",
  "ResourceNotFound",
  "ResourceNotFoundException",
  "ServerlessCacheNotFoundFault",
  "StateMachineDoesNotExist",
  "UserGroupNotFoundFault",
  "UserNotFoundFault",
]);

const taken = new Set([
  "AlreadyExistsException",
  "ConflictException",
  "DuplicateProviderException",
  "EntityAlreadyExistsException",
  "GroupExistsException",
  "ParameterAlreadyExists",
  "QueueNameExists",
  "ResourceAlreadyExistsException",
  "ResourceConflictException",
  "ResourceExistsException",
  "ResourceInUseException",
  "ServerlessCacheAlreadyExistsFault",
  "StateMachineAlreadyExists",
  "UserAlreadyExistsFault",
  "UserGroupAlreadyExistsFault",
]);

/** The answer of an AWS call, or undefined when what it asks about does not exist. */
export async function ifPresent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && absent.has(error.name)) return undefined;
    throw error;
  }
}

/**
 * Creates under a name of ours. What already has it is left from a run that broke off before it could note it, so
 * nothing depends on it: it is removed first.
 */
export async function createAnew<T>(create: () => Promise<T>, remove: () => Promise<unknown>): Promise<T> {
  try {
    return await create();
  } catch (error) {
    if (!(error instanceof Error && taken.has(error.name))) throw error;
    await remove();
    return create();
  }
}

/** An input that AWS honours and the local cloud cannot, where dropping it would make another program of it. */
export class UnsupportedInput extends Error {
  constructor(type: string, input: string, advice: string) {
    super(`${type}: the local cloud has no "${input}". ${advice}`);
    this.name = "UnsupportedInput";
  }
}

/**
 * Refuses inputs that the local cloud cannot honour.
 * @throws UnsupportedInput for the first of `names` that has a value.
 */
export function refuse<T extends object>(
  type: string,
  inputs: T,
  names: readonly (keyof T & string)[],
  advice: string,
): void {
  for (const name of names) {
    if ((inputs as Properties)[name] !== undefined) throw new UnsupportedInput(type, name, advice);
  }
}
