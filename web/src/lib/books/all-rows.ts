// Every row an export is made of, from page to page.

import type { OwnFill } from '@motu/shared/contract/fills.ts'
import type { LedgerLine } from '@motu/shared/contract/performance.ts'
import type { Api } from '#lib/api.ts'
import type { BooksApi } from './books-api.ts'
import { collect, type Collected, type Collecting } from './collect.ts'

const LINES_PER_ANSWER_MAX: (typeof import('@motu/shared/contract/performance.ts'))['LEDGER_PER_ANSWER_MAX'] = 200
const FILLS_PER_ANSWER_MAX: (typeof import('@motu/shared/contract/fills.ts'))['FILLS_PER_ANSWER_MAX'] = 500

export function allLedgerLines(
  api: BooksApi,
  collecting: Collecting,
): Promise<Collected<LedgerLine>> {
  return collect(async (cursor) => {
    const answer = await api.ledger({ limit: LINES_PER_ANSWER_MAX, cursor })
    if (!answer.ok) return answer
    const { lines, next_cursor } = answer.data
    return { ...answer, data: { items: lines, next: next_cursor } }
  }, collecting)
}

/** All fills, those booked last first. */
export function allFills(api: Api, collecting: Collecting): Promise<Collected<OwnFill>> {
  return collect(async (cursor) => {
    const answer = await api.ownFills({ limit: FILLS_PER_ANSWER_MAX, cursor })
    if (!answer.ok) return answer
    const { fills, next_cursor } = answer.data
    return { ...answer, data: { items: fills, next: next_cursor } }
  }, collecting)
}
