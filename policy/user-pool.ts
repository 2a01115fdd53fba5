/**
 * Whether a pool has users whom somebody would miss: it refuses to be deleted. Rules ask this where development should
 * not have to pay; `user-pool-deletion-protection` sees that it is said where it holds.
 */
export const isForGood = (pool: { readonly deletionProtection?: string }): boolean =>
  pool.deletionProtection === "ACTIVE";
