// Pure: no I/O, no clock, no randomness.

/** A bug stops what it is part of: an invariant of our own does not hold. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}
