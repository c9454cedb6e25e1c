import * as format from '#lib/format.ts'
import { unitsText } from './order-texts.ts'
import type { Ticket } from './ticket.svelte.ts'

/** The most that can be ordered, with its unit. */
export function mostText(ticket: Ticket): string {
  return ticket.isByAmount ? format.won(ticket.most) : unitsText(ticket.most, ticket.instrument)
}
