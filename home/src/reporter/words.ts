// Pure: no I/O, no clock, no randomness.
// A report in words: its template's values, and its lines on a terminal.

import type { DailyReport } from '@motu/shared/contract/reports.ts'
import { decimal, SCALE } from '@motu/shared/decimal.ts'
import { cut, type TemplateValues } from '@motu/shared/render-template.ts'

/** Said of a place that nobody took. */
const NOBODY = '없음'
export const NO_TRADES = '거래 없음'

/** Of an attachment at Discord. */
const DESCRIPTION_MAX = 1_000

const EVENT_ID = /^report:(\d{4}-\d{2}-\d{2})$/

/** By which a report's message is known, and its picture found. */
export function eventIdOf(date: string): string {
  return `report:${date}`
}

/** The date of a report's message; null for another's. */
export function dateOfEvent(eventId: string): string | null {
  return EVENT_ID.exec(eventId)?.[1] ?? null
}

/** The placeholders of the template; `empty` where it has nothing to say. */
export function valuesOf({ gainer, loser, volume_king: king }: DailyReport): TemplateValues {
  return {
    ...(gainer === null && king === null ? { empty: 'true' } : {}),
    gainer_nickname: gainer?.nickname ?? NOBODY,
    gainer_pnl: gainer?.pnl_krw ?? '0',
    loser_nickname: loser?.nickname ?? NOBODY,
    loser_pnl: loser?.pnl_krw ?? '0',
    volume_king_nickname: king?.nickname ?? NO_TRADES,
    trade_count: String(king?.trade_count ?? 0),
  }
}

/** Whole won, rounded down as the app does: `1,234`, `-5`. */
export function won(text: string): string {
  const value = decimal(text)
  // Towards minus infinity: a loss is never shown smaller than it is.
  const whole = value / SCALE - (value < 0n && value % SCALE !== 0n ? 1n : 0n)
  return String(whole).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** The same with its sign: `+1,234`, `-5`, `0`. */
export function signedWon(text: string): string {
  const shown = won(text)
  return shown.startsWith('-') || shown === '0' ? shown : `+${shown}`
}

/** What the picture shows, in a line. */
export function describe({ net_worth, trade_count }: DailyReport): string {
  const worths = net_worth.map(
    ({ rank, nickname, net_worth_krw }) => `${rank}위 ${nickname} ${won(net_worth_krw)}원`,
  )
  const traded = trade_count === 0 ? NO_TRADES : `${trade_count}건 체결`
  return cut(`순자산: ${[...worths, traded].join(', ')}`, DESCRIPTION_MAX)
}

/** What a terminal shows. */
export function linesOf(report: DailyReport): string[] {
  const { gainer, loser, volume_king: king } = report
  const result = (one: DailyReport['gainer']): string =>
    one ? `${one.nickname}  ${signedWon(one.pnl_krw)} KRW` : NOBODY
  const trades = (count: number, notional: string): string =>
    `${count} filled orders, ${won(notional)} KRW`
  return [
    `daily report of ${report.date}${report.simulated ? ' (simulated prices)' : ''}`,
    `  gainer       ${result(gainer)}`,
    `  loser        ${result(loser)}`,
    `  volume king  ${king ? `${king.nickname}  ${trades(king.trade_count, king.notional_krw)}` : NO_TRADES}`,
    `  all          ${trades(report.trade_count, report.notional_krw)}`,
    `  net worth    from ${report.worth_began_at} to ${report.worth_ended_at}`,
    ...report.net_worth.map(
      ({ rank, nickname, net_worth_krw, pnl_krw }) =>
        `  ${String(rank).padStart(4)}  ${nickname}  ${won(net_worth_krw)} KRW  (${signedWon(pnl_krw)})`,
    ),
  ]
}
