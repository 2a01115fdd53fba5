/** The keys AWS makes for a service by itself, whose policy and rotation nobody here decides. */
const ofAws = /(?:^|:)alias\/aws\//;

/** Whether a reference to a key of KMS, by id, ARN or alias, can mean a customer's. */
export const isCustomerKey = (keyId: string | undefined) => Boolean(keyId) && !ofAws.test(keyId ?? "");
