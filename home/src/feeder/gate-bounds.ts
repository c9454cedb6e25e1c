// Pure: no I/O, no clock, no randomness.
// The bounds of the quality gate, per venue.

/** How far a price may go: at once, with each second since it was last trusted, and at the most. */
export type Band = { readonly atOnce: number; readonly perSecond: number; readonly most: number }

/**
 * In ten thousandths, by the market of a ticker id. Wide enough for the wildest minutes on record
 * and far below a misplaced digit. KRX: a volatility interruption stops a stock at 10 %, and within
 * a day nothing goes further than from limit to limit. US: limit-up limit-down stops large stocks at
 * 5 %, small ones at 10 % and, near the bell, at twice that. Coins have no limits: bitcoin's worst
 * minutes (March 2020) stayed below 10 %.
 */
export const BANDS: ReadonlyMap<string, Band> = new Map([
  ['KRX', { atOnce: 1_200, perSecond: 20, most: 8_600 }],
  ['US', { atOnce: 1_000, perSecond: 20, most: 4_000 }],
  ['CRYPTO', { atOnce: 1_000, perSecond: 20, most: 5_000 }],
  ['FX', { atOnce: 100, perSecond: 1, most: 1_000 }],
])

/** A change that reaches us later than this, though we have looked since, is late. */
export const LATE_MS: ReadonlyMap<string, number> = new Map([
  ['KRX', 10_000],
  ['US', 15_000],
  ['CRYPTO', 10_000],
  ['FX', 60_000],
])

/** How far a venue's clock may be ahead of ours. */
export const SKEW_MS_MAX = 10_000
