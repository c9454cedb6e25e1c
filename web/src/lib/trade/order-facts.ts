// What is asked for, fact by fact, in words: of an order that is about to be sent, and of one that was.

import { decimal } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import type { OrderSession, OrderType, TimeInForce } from '@motu/shared/order.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { TIME_TEXTS, TYPE_TEXTS, unitsText } from './order-texts.ts'

export type Fact = { readonly label: string; readonly text: string }

type Text = string | null | undefined
/** The fields that a request and an order have in common. */
export type Terms = {
  readonly type: OrderType
  readonly quantity?: Text
  readonly notional?: Text
  readonly limit_price?: Text
  readonly stop_price?: Text
  readonly trail_amount?: Text
  readonly trail_percent?: Text
  readonly time_in_force?: TimeInForce | undefined
  readonly expire_at?: Text
  readonly sessions?: readonly OrderSession[] | undefined
  readonly post_only?: boolean | undefined
  readonly reduce_only?: boolean | undefined
  readonly take_profit?: { limit_price?: Text } | null | undefined
  readonly stop_loss?: { stop_price?: Text } | null | undefined
}

/** Only what was said; `now` tells today's times from those of another day. */
export function factsOf(terms: Terms, instrument: Instrument, now: number): Fact[] {
  const price = (text: Text) => (text ? format.priced(decimal(text), instrument) : null)
  const { sessions, time_in_force: time, expire_at: until } = terms
  const quantity = decimal(terms.quantity ?? '0')
  const isExtended = sessions !== undefined && sessions.some((session) => session !== 'regular')
  const flags = [
    isExtended ? m.extended_short() : null,
    terms.post_only ? m.post_only() : null,
    terms.reduce_only ? m.reduce_only() : null,
  ].filter((text) => text !== null)
  const trail = terms.trail_percent
    ? `${format.quantity(decimal(terms.trail_percent))}%`
    : price(terms.trail_amount)
  const facts: readonly (readonly [label: string, text: string | null])[] = [
    [m.type_label(), TYPE_TEXTS[terms.type]()],
    [m.stop_price_short(), price(terms.stop_price)],
    [m.trail(), trail],
    [m.limit_price_short(), price(terms.limit_price)],
    [m.quantity(), quantity === 0n ? null : unitsText(quantity, instrument)],
    [m.amount(), terms.notional ? format.won(decimal(terms.notional)) : null],
    [m.exit_target(), price(terms.take_profit?.limit_price)],
    [m.exit_loss(), price(terms.stop_loss?.stop_price)],
    [m.time_label(), time ? TIME_TEXTS[time]() : null],
    [m.expire_label(), until && time === 'GTD' ? format.instant(until, now) : null],
    [m.order_options(), flags.length > 0 ? flags.join(' · ') : null],
  ]
  return facts.flatMap(([label, text]) => (text === null ? [] : [{ label, text }]))
}
