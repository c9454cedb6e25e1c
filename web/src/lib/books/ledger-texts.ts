// What moved the cash, in a word.

import type { LedgerKind } from '@motu/shared/contract/performance.ts'
import * as m from '#lib/paraglide/messages.js'

const KIND_TEXTS = {
  deposit: m.books_kind_deposit,
  buy: m.books_kind_buy,
  sell: m.books_kind_sell,
  dividend: m.books_kind_dividend,
  fraction: m.books_kind_fraction,
  adjustment: m.books_kind_adjustment,
} satisfies Record<LedgerKind, () => string>

export function kindText(kind: LedgerKind): string {
  return KIND_TEXTS[kind]()
}

/** The kinds in the order a filter offers them. */
export const KINDS = Object.keys(KIND_TEXTS) as LedgerKind[]
