// Why an order still waits, in sentences: what for, how far away it is, and until when.

import type { Receipt } from '@motu/shared/contract/receipt.ts'
import { type Decimal, decimal, ratio } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import type { MarketPhase } from '@motu/shared/market-data.ts'
import type { Side, WaitingFor } from '@motu/shared/order.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { openingText } from './market-state.ts'

export type Waiting = NonNullable<Receipt['waiting']>
type About = { readonly side: Side; readonly instrument: Instrument; readonly now: number }

const PHASE_TEXTS = {
  continuous: null,
  auction: m.why_auction,
  halted: m.why_halted,
  closed: null,
} satisfies Record<MarketPhase, (() => string) | null>

const FOR_TEXTS = {
  EVENT: () => m.waiting_event(),
  PRICE: whyPrice,
  TRIGGER: whyTrigger,
  SESSION: () => m.waiting_session(),
  ENTRY: () => m.waiting_entry(),
} satisfies Record<WaitingFor, (waiting: Waiting, about: About) => string>

/** One sentence a line; `now` tells today's times from those of another day. */
export function waitingLines(waiting: Waiting, about: About): string[] {
  const { next_open: opens, expires_at: until } = waiting
  const when = (iso: string): string => openingText(iso, about.now)
  return [
    waiting.for && FOR_TEXTS[waiting.for](waiting, about),
    PHASE_TEXTS[waiting.phase]?.() ?? null,
    opens && m.why_opens({ when: when(opens) }),
    until ? m.works_until({ when: when(until) }) : m.why_until_cancelled(),
  ].filter((line) => line !== null)
}

/** A limit waits for the other side of the book. */
function whyPrice({ price, bid, ask }: Waiting, { side, instrument }: About): string {
  const touch = side === 'BUY' ? ask : bid
  if (price === null || touch === null) return m.waiting_price()
  const [wanted, now] = [decimal(price), decimal(touch)]
  const named = {
    price: format.priced(wanted, instrument),
    now: format.priced(now, instrument),
    percent: distance(wanted, now),
  }
  // At its price, but not filled: others were there before it.
  const isThere = side === 'BUY' ? wanted >= now : wanted <= now
  if (isThere) return m.why_queue({ price: named.price })
  return side === 'BUY' ? m.why_price_buy(named) : m.why_price_sell(named)
}

function whyTrigger({ price, last }: Waiting, { instrument }: About): string {
  if (price === null || last === null) return m.waiting_trigger()
  const [wanted, now] = [decimal(price), decimal(last)]
  return m.why_trigger({
    price: format.priced(wanted, instrument),
    now: format.priced(now, instrument),
    percent: distance(wanted, now),
  })
}

/** How far the market has to go, in percent of where it is. */
function distance(wanted: Decimal, now: Decimal): string {
  return now === 0n ? '–' : format.percent(ratio(wanted - now, now, 'half_even') * 100n)
}
