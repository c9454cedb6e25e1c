// The one clock of the edge. Everything else is given a `Clock`, so that tests can hold the time.

/** Milliseconds since 1970. */
export type Clock = () => number

export const systemClock: Clock = Date.now
