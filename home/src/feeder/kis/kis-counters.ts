// Pure: no I/O, no clock, no randomness.
// What the adapter did, in numbers. All count up; nothing reads them to decide anything.

const NAMES = [
  /** Data frames, and the records in them that were taken. */
  ...(['frames', 'records'] as const),
  /** Frames and records that could not be read; order notices, which are not used. */
  ...(['bad_frames', 'encrypted_frames'] as const),
  /** Trades that had been seen before; records of tickers that are not wanted any more. */
  ...(['duplicates', 'unwanted'] as const),
  /** Valid records that were lost. Zero, but when the bus is away for longer than can be kept. */
  'good_dropped',
  ...(['connects', 'reconnects', 'silences', 'refused_registrations'] as const),
  ...(['rest_calls', 'rest_failures', 'rate_limited', 'tokens', 'approvals'] as const),
] as const

export type KisCounters = Record<(typeof NAMES)[number], number>

export function kisCounters(): KisCounters {
  return Object.fromEntries(NAMES.map((name) => [name, 0])) as KisCounters
}
