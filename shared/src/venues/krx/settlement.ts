// Pure: no I/O, no clock, no randomness.
// When a trade on KRX is settled: what the transaction tax goes by.

import { dateOf, dayNumberOf } from '../calendar-date.ts'

/** KRX business regulations: the second settlement day after the trade. */
const SETTLEMENT_DAYS = 2
/** The longest run of closed days so far is ten (Chuseok 2017, 2025); an override may add to it. */
const CLOSED_RUN_DAYS_MAX = 60

/**
 * The date on which a trade of `tradeDate` is settled (T+2), as `YYYY-MM-DD`. Trading days count;
 * the year's last business day is a banking day but no settlement day, and KRX is shut on it.
 * So 2024-12-27 is the first trade date that settles in 2025, 2025-12-29 the first in 2026.
 * Throws on text that is no date: that is the caller's bug.
 */
export function krxSettlementDate(
  calendar: { isTradingDay(date: string): boolean },
  tradeDate: string,
): string {
  const tradedOn = dayNumberOf(tradeDate)
  if (tradedOn === null) throw new RangeError(`${tradeDate} is not a date`)
  let left = SETTLEMENT_DAYS
  for (let day = tradedOn + 1; day <= tradedOn + CLOSED_RUN_DAYS_MAX; day += 1) {
    if (calendar.isTradingDay(dateOf(day))) left -= 1
    if (left === 0) return dateOf(day)
  }
  throw new RangeError(`KRX is shut for ${CLOSED_RUN_DAYS_MAX} days after ${tradeDate}`)
}
