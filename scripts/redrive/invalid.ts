/** What was asked for cannot be done; the message says why and what to ask instead. */
export class InvalidRedrive extends Error {}
