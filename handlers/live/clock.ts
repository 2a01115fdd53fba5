/** Now, in whole seconds since 1970, as items expire by. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000);
