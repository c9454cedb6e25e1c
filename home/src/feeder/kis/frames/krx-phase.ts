// Pure: no I/O, no clock, no randomness.
// KRX's codes for what trading is doing, as KIS's field lists explain them (H0STCNT0, H0STASP0,
// H0STMKO0). A code that is not listed says nothing.

import type { PhaseMark } from './market-frame.ts'

/**
 * Hour class of a book: 0 in session; A expected price of the close, B of the opening, C after nine
 * (a volatility interruption), D of the after-hours single price.
 */
export function phaseOfHourClass(code: string): PhaseMark {
  if (code === '0') return { phase: 'continuous' }
  return /^[A-D]$/.test(code) ? { phase: 'auction' } : {}
}

/**
 * Session code of a trade, first digit: 1 before the opening, 2 in session, 3 after the close, 4
 * after-hours single price. The market class appended from 2026-09-14 tells the after-market (3),
 * which trades continuously, from the trades at the closing price.
 */
export function phaseOfSession(code: string, marketClass: string): PhaseMark {
  if (marketClass === '3') return { phase: 'continuous' }
  switch (code[0]) {
    case '1':
    case '4':
      return { phase: 'auction' }
    case '2':
      return { phase: 'continuous' }
    case '3':
      return { phase: 'closed' }
    default:
      return {}
  }
}

/** Market operation codes (MKOP_CLS_CODE). After a circuit breaker comes a call auction. */
const OPERATIONS: Readonly<Record<string, PhaseMark>> = {
  // Opening auction begins; the market opens; closing auction begins; the market closes.
  110: { phase: 'auction' },
  112: { phase: 'continuous', breaker: false, vi: false },
  121: { phase: 'auction' },
  129: { phase: 'closed', breaker: false, vi: false },
  // After-hours trades at the closing price, and the single price until 2026-09-11: from, to.
  149: { phase: 'closed' },
  150: { phase: 'auction' },
  159: { phase: 'closed' },
  // Market stopped; circuit breaker: on, off, its auction's end (two generations of codes).
  164: { breaker: true },
  174: { breaker: true },
  175: { breaker: false, phase: 'auction' },
  182: { breaker: false, phase: 'continuous' },
  184: { breaker: true },
  185: { breaker: false, phase: 'auction' },
}

export function phaseOfOperation(code: string): PhaseMark {
  return OPERATIONS[code] ?? {}
}

/** `Y` or `N`; the volatility interruption's class is also written as a digit, 0 for none. */
export function flagOf(code: string): boolean | undefined {
  if (code === 'N' || code === '0') return false
  return code === '' ? undefined : true
}
