// A receipt in words: which event filled, how, and every charge with what it was taken of.

import type { Evidence, Receipt } from '@motu/shared/contract/receipt.ts'
import { decimal, formatDecimal, multiply, SCALE } from '@motu/shared/decimal.ts'
import type { Instrument } from '@motu/shared/instrument.ts'
import * as format from '#lib/format.ts'
import { venueMoment } from '#lib/moments.ts'
import * as m from '#lib/paraglide/messages.js'
import { CHARGE_TEXTS } from './charge-texts.ts'

export type ReceiptLine = {
  readonly label: string
  readonly text: string
  readonly note?: string
  /** For who hovers over it: the instant by the venue's clock. */
  readonly hover?: string | undefined
}
export type ReceiptFill = Receipt['fills'][number]

const ROLE_TEXTS = {
  taker: m.receipt_taker,
  maker: m.receipt_maker,
  auction: m.receipt_auction,
  candle: m.receipt_candle,
} satisfies Record<Evidence['role'], () => string>

/** Why the fill has its price; `now` tells today's times from those of another day. */
export function evidenceLines(
  fill: ReceiptFill,
  evidence: Evidence,
  instrument: Instrument,
  now: number,
): ReceiptLine[] {
  const { event, queue } = evidence
  const priced = (text: string): string => format.priced(decimal(text), instrument)
  const amountOf = (text: string): string => format.quantity(decimal(text))
  const named = { source: event.source, time: format.instant(event.received_at, now) }
  const { bid, ask, last } = event
  return [
    { label: m.receipt_how(), text: ROLE_TEXTS[evidence.role]() },
    {
      label: m.receipt_event(),
      text: event.simulated ? m.receipt_event_simulated(named) : m.receipt_event_value(named),
      note: `${event.epoch} #${event.seq}`,
      hover: venueMoment(event.received_at, instrument.tickerId),
    },
    { label: m.receipt_age(), text: m.receipt_milliseconds({ count: event.age_ms }) },
    {
      label: m.receipt_quote(),
      text: m.receipt_quote_value({ bid: priced(bid), ask: priced(ask), last: priced(last) }),
    },
    { label: m.receipt_displayed(), text: amountOf(evidence.displayed) },
    {
      label: m.receipt_queue(),
      text: queue
        ? m.receipt_queue_value({ ahead: amountOf(queue.ahead), initial: amountOf(queue.initial) })
        : m.receipt_queue_none(),
    },
    {
      label: m.receipt_model(),
      text: m.receipt_model_value({ model: evidence.model, latency: evidence.latency_ms }),
    },
    ...(fill.currency === 'KRW' ? [] : [fxLine(fill, evidence)]),
  ]
}

/** Every charge of a fill; one line saying so where there is none. */
export function chargeLines({ charges }: Evidence): ReceiptLine[] {
  if (charges.length === 0) return [{ label: m.receipt_charges(), text: m.receipt_charge_none() }]
  return charges.map(({ kind, rule, base, rate, unit, amount_krw }) => ({
    label: CHARGE_TEXTS[kind](),
    text: format.won(decimal(amount_krw), 'up'),
    note:
      unit === 'percent_of_notional'
        ? `${m.receipt_charge_percent({ base: format.won(decimal(base)), rate })} · ${rule}`
        : `${m.receipt_charge_share({ base: format.quantity(decimal(base)), rate })} · ${rule}`,
  }))
}

function fxLine(fill: ReceiptFill, { fx }: Evidence): ReceiptLine {
  const rate = (text: string): string => format.fixed(decimal(text), 2, 'half_up')
  const spread = formatDecimal(multiply(decimal(fx.spread_rate), 100n * SCALE, 'half_even'))
  const applied = rate(fill.applied_exchange_rate)
  return {
    label: m.receipt_fx(),
    text: m.receipt_fx_value({ applied, mid: rate(fx.mid), spread }),
    ...(fx.source === null ? {} : { note: fx.source }),
  }
}
