/** Why a picture cannot be used: no retry will change it. */
export type UnusableReason = "not-a-picture" | "damaged" | "too-large";

/** An error that is the picture's own fault; its message is for the user who sent it. */
export type Unusable = Error & { readonly unusable: UnusableReason };

export function unusable(reason: UnusableReason, message: string): Unusable {
  return Object.assign(new Error(message), { unusable: reason });
}

export function isUnusable(error: unknown): error is Unusable {
  return error instanceof Error && "unusable" in error;
}
