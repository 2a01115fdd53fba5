import { UnknownValueError } from "@pulumi/policy";

/** Stands for a value that a preview cannot know yet. */
export const unknown: unique symbol = Symbol("known after the update");

/**
 * Reads a value out of a resource's properties, where reading what a preview cannot know throws. A rule is
 * silent about such a value: the update checks it again, when it is known.
 */
export function known<T>(read: () => T): T | typeof unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return unknown;
    throw error;
  }
}
