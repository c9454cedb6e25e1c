// The words of the ticket: what a kind of order does, and what keeps it from being sent.

import { formatDecimal, SCALE } from '@motu/shared/decimal.ts'
import { tickOf } from '@motu/shared/instrument.ts'
import { notionalLimitsOf } from '@motu/shared/venues/lots.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { reasonText } from '#lib/reasons.ts'
import { mostText } from './most-text.ts'
import type { TicketIssue } from './ticket-check.ts'
import { positive, type TicketField } from './ticket-form.ts'
import type { Ticket } from './ticket.svelte.ts'

const MISSING_TEXTS = {
  quantity: m.block_quantity_missing,
  amount: m.block_amount_missing,
  limit: m.block_price_missing,
  stop: m.block_stop_missing,
  trail: m.block_trail_missing,
  expire: m.block_expire_missing,
  target: m.block_target_missing,
  loss: m.block_loss_missing,
  time: m.block_quantity_missing,
  sessions: m.block_quantity_missing,
  flags: m.block_quantity_missing,
} satisfies Record<TicketField, () => string>

/** What keeps the ticket from being sent, and what to do about it. */
export function issueText({ block, field }: TicketIssue, ticket: Ticket): string {
  const { instrument, most } = ticket
  switch (block) {
    case 'missing':
      return MISSING_TEXTS[field ?? 'quantity']()
    case 'market_unknown':
      return m.block_market_unknown()
    case 'tick_size':
      return m.block_tick_size({ tick: tickText(ticket, field) })
    case 'min_notional':
      return m.block_min_notional({ amount: format.won(notionalLimitsOf(instrument).min, 'up') })
    case 'insufficient_funds':
      return shortageText(ticket)
    case 'insufficient_quantity':
      return most > 0n
        ? m.block_quantity_most({ quantity: mostText(ticket) })
        : m.block_quantity_none()
    case 'price_limit':
      return ticket.limits
        ? m.block_price_limit({
            lower: format.priced(ticket.limits.lower, instrument),
            upper: format.priced(ticket.limits.upper, instrument),
          })
        : reasonText(block)
    default:
      return reasonText(block)
  }
}

function shortageText(ticket: Ticket): string {
  const { most, cost, free } = ticket
  if (most === 0n) return m.block_funds_none()
  // Enough for the price of now, not for what is held until it fills.
  const isHeldAbove = cost !== null && free !== null && cost.totalKrw <= free.cashKrw
  return isHeldAbove
    ? m.block_funds_hold({ hold: format.won(cost.holdKrw, 'up'), most: mostText(ticket) })
    : m.block_funds_most({ most: mostText(ticket) })
}

function tickText({ form, instrument }: Ticket, field: TicketField | null): string {
  const texts = { limit: form.limitText, stop: form.stopText, target: form.targetText }
  const text = field && field in texts ? texts[field as keyof typeof texts] : form.lossText
  return formatDecimal(tickOf(instrument, positive(text) ?? SCALE))
}
