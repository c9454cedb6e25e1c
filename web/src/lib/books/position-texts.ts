// By what positions can be sorted, in words.

import * as m from '#lib/paraglide/messages.js'
import type { SortKey } from './position-order.ts'

export const SORT_TEXTS = {
  name: m.books_name,
  price: m.books_price,
  value: m.position_value,
  gain: m.position_gain,
  return: m.books_return,
} satisfies Record<SortKey, () => string>
