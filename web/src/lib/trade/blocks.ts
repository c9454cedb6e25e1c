// What keeps a ticket from being sent, in a sentence.

import * as m from '#lib/paraglide/messages.js'
import { reasonText } from '#lib/reasons.ts'
import type { TicketBlock } from './ticket.svelte.ts'

export function blockText(block: TicketBlock | null): string | null {
  switch (block) {
    case null:
      return null
    case 'quantity_missing':
      return m.block_quantity_missing()
    case 'price_missing':
      return m.block_price_missing()
    case 'market_unknown':
      return m.block_market_unknown()
    default:
      return reasonText(block)
  }
}
