/** What was asked for cannot be done; the message says why and what to do. One subclass for each cause. */
export class Refused extends Error {}
