import { placeOrderSchema } from '@motu/shared/contract/order-request.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { ORDER_TYPES, SIDES, TIMES_IN_FORCE } from '@motu/shared/order.ts'
import { checkDraft } from '@motu/shared/order-check.ts'
import { draftOfRequest } from '@motu/shared/order-draft.ts'
import { describe, expect, it } from 'vitest'
import {
  EMPTY_FORM,
  featuresOf,
  localTimeOf,
  requestOf,
  type TicketForm,
  type TicketRequest,
  timesOf,
} from './ticket-form.ts'

const SAMSUNG = findInstrument('KRX-STOCK-005930')!
const APPLE = findInstrument('US-STOCK-AAPL')!
const BITCOIN = findInstrument('CRYPTO-COIN-BTC')!
const NOW_MS = Date.parse('2026-11-20T03:00:00Z')

const form = (fields: Partial<TicketForm>): TicketForm => ({
  ...EMPTY_FORM,
  quantityText: '10',
  ...fields,
})

function request(fields: Partial<TicketForm>, instrument = SAMSUNG): TicketRequest {
  const result = requestOf(form(fields), instrument)
  if (result.kind === 'missing') throw new Error(`${result.field} is missing`)
  return result.request
}

const SHARED = { ticker_id: 'KRX-STOCK-005930', side: 'BUY', quantity: '10' }
const QUEUED = { time_in_force: 'DAY', queue_for_open: true }

describe('the request of a ticket', () => {
  // what was filled in → the exact body
  it.each<[string, Partial<TicketForm>, object]>([
    ['a market order', {}, { ...SHARED, type: 'MARKET', time_in_force: 'GTC' }],
    [
      'a market order of the moment',
      { timeInForce: 'IOC' },
      { ...SHARED, type: 'MARKET', time_in_force: 'IOC' },
    ],
    [
      'a limit',
      { type: 'LIMIT', limitText: '51,000' },
      { ...SHARED, type: 'LIMIT', limit_price: '51000', ...QUEUED },
    ],
    [
      'a limit that is not queued',
      { type: 'LIMIT', limitText: '51000', isQueued: false, timeInForce: 'GTC' },
      { ...SHARED, type: 'LIMIT', limit_price: '51000', time_in_force: 'GTC' },
    ],
    [
      'a limit with everything',
      {
        side: 'SELL',
        type: 'LIMIT',
        limitText: '51000',
        timeInForce: 'GTD',
        expireText: '2026-11-30T06:30:00Z',
        isExtended: true,
        isPostOnly: true,
        isReduceOnly: true,
      },
      {
        ...SHARED,
        side: 'SELL',
        type: 'LIMIT',
        limit_price: '51000',
        time_in_force: 'GTD',
        expire_at: '2026-11-30T06:30:00.000Z',
        post_only: true,
        reduce_only: true,
        sessions: ['regular', 'after'],
      },
    ],
    [
      'a stop',
      { side: 'SELL', type: 'STOP', stopText: '48000', limitText: '1' },
      { ...SHARED, side: 'SELL', type: 'STOP', stop_price: '48000', ...QUEUED },
    ],
    [
      'a stop limit',
      { type: 'STOP_LIMIT', stopText: '52000', limitText: '52500' },
      { ...SHARED, type: 'STOP_LIMIT', stop_price: '52000', limit_price: '52500', ...QUEUED },
    ],
    [
      'a trailing stop in percent',
      { side: 'SELL', type: 'TRAILING_STOP', trailText: '3.5' },
      { ...SHARED, side: 'SELL', type: 'TRAILING_STOP', trail_percent: '3.5', ...QUEUED },
    ],
    [
      'a trailing stop by an amount',
      { side: 'SELL', type: 'TRAILING_STOP', trailIn: 'amount', trailText: '1,000' },
      { ...SHARED, side: 'SELL', type: 'TRAILING_STOP', trail_amount: '1000', ...QUEUED },
    ],
    [
      'a bracket',
      { hasTarget: true, targetText: '55000', hasLoss: true, lossText: '48000' },
      {
        ...SHARED,
        type: 'MARKET',
        time_in_force: 'GTC',
        order_class: 'BRACKET',
        take_profit: { type: 'LIMIT', limit_price: '55000', time_in_force: 'GTC' },
        stop_loss: { type: 'STOP', stop_price: '48000', time_in_force: 'GTC' },
      },
    ],
    [
      'an entry with one exit',
      { type: 'LIMIT', limitText: '51000', hasLoss: true, lossText: '48000' },
      {
        ...SHARED,
        type: 'LIMIT',
        limit_price: '51000',
        ...QUEUED,
        order_class: 'OTO',
        stop_loss: { type: 'STOP', stop_price: '48000', time_in_force: 'GTC' },
      },
    ],
    [
      'two exits at once',
      { side: 'SELL', type: 'LIMIT', limitText: '55000', hasLoss: true, lossText: '48000' },
      {
        ...SHARED,
        side: 'SELL',
        type: 'LIMIT',
        limit_price: '55000',
        ...QUEUED,
        order_class: 'OCO',
        stop_loss: { type: 'STOP', stop_price: '48000', time_in_force: 'GTC' },
      },
    ],
  ])('%s', (_name, fields, body) => {
    const made = request(fields)
    expect(made).toEqual(body)
    expect(placeOrderSchema.safeParse(made).error).toBeUndefined()
    expect(checkDraft(draftOfRequest(made, ''), NOW_MS)).toBeNull()
  })

  it('an amount: won instead of a quantity, for market buys only', () => {
    const byAmount = { sizeIn: 'amount', amountText: '300,000' } as const
    const { quantity: _quantity, ...rest } = SHARED
    expect(request(byAmount)).toEqual({
      ...rest,
      type: 'MARKET',
      notional: '300000',
      time_in_force: 'GTC',
    })
    expect(request({ ...byAmount, side: 'SELL' }).quantity).toBe('10')
    expect(request({ ...byAmount, hasLoss: true, lossText: '1' }).notional).toBeUndefined()
  })

  it('of a coin: no day, no queue, no other hours', () => {
    const made = request(
      { type: 'LIMIT', limitText: '9500000', quantityText: '.01', isExtended: true },
      BITCOIN,
    )
    expect(made).toEqual({
      ticker_id: 'CRYPTO-COIN-BTC',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '0.01',
      limit_price: '9500000',
      time_in_force: 'GTC',
    })
  })

  it('forgets nothing that is hidden for the moment', () => {
    const fields = { type: 'STOP', stopText: '48000', timeInForce: 'FOK' } as const
    expect(request(fields).time_in_force).toBe('DAY')
    expect(request({ ...fields, type: 'MARKET' }).time_in_force).toBe('FOK')
  })

  it.each<[Partial<TicketForm>, string]>([
    [{ quantityText: '' }, 'quantity'],
    [{ quantityText: '0' }, 'quantity'],
    [{ quantityText: 'ten' }, 'quantity'],
    [{ sizeIn: 'amount' }, 'amount'],
    [{ type: 'LIMIT' }, 'limit'],
    [{ type: 'STOP', quantityText: '' }, 'stop'],
    [{ type: 'TRAILING_STOP', trailText: '' }, 'trail'],
    [{ hasTarget: true }, 'target'],
    [{ hasLoss: true }, 'loss'],
    [{ timeInForce: 'GTD' }, 'expire'],
  ])('%o: %s is missing', (fields, field) => {
    expect(requestOf(form(fields), SAMSUNG)).toEqual({ kind: 'missing', field })
  })
})

it('offers exactly the times in force that the server takes', () => {
  for (const instrument of [SAMSUNG, APPLE, BITCOIN]) {
    for (const type of ORDER_TYPES) {
      const taken = TIMES_IN_FORCE.filter((time_in_force) => {
        const prices = { limitText: '100', stopText: '100', quantityText: '100' }
        const made = { ...request({ type, ...prices }, instrument), time_in_force }
        const expire = time_in_force === 'GTD' ? { expire_at: '2026-12-01T00:00:00Z' } : {}
        const refusal = checkDraft(draftOfRequest({ ...made, ...expire }, ''), NOW_MS)
        return refusal?.reason !== 'time_in_force'
      })
      expect([instrument.venue, type, timesOf(type, instrument)]).toEqual([
        instrument.venue,
        type,
        taken,
      ])
    }
  }
})

it('offers only what the server takes, whatever is chosen together', () => {
  const all = {
    limitText: '100',
    stopText: '100',
    targetText: '110',
    lossText: '90',
    quantityText: '100',
    isExtended: true,
    isPostOnly: true,
    isReduceOnly: true,
  }
  for (const instrument of [SAMSUNG, APPLE, BITCOIN]) {
    for (const side of SIDES) {
      for (const type of ORDER_TYPES) {
        for (const hasTarget of [false, true]) {
          for (const hasLoss of [false, true]) {
            const fields = { ...all, side, type, hasTarget, hasLoss, trailText: '5' }
            const made = request(fields, instrument)
            const refusal = checkDraft(draftOfRequest(made, ''), NOW_MS)
            // A hundred coins at a hundred won are worth an order; nothing else may be wrong.
            expect([made, refusal]).toEqual([made, null])
            expect(placeOrderSchema.safeParse(made).error).toBeUndefined()
          }
        }
      }
    }
  }
})

it('has other hours for what names its price only', () => {
  expect(featuresOf(form({ type: 'LIMIT' }), APPLE).extended).toBe(true)
  expect(featuresOf(form({ type: 'STOP_LIMIT' }), APPLE).extended).toBe(true)
  expect(featuresOf(form({ type: 'MARKET' }), APPLE).extended).toBe(false)
  expect(featuresOf(form({ type: 'LIMIT' }), BITCOIN).extended).toBe(false)
})

it('says an instant as a field for dates reads it back', () => {
  const at = Date.parse('2026-11-30T06:30:00Z')
  expect(Date.parse(localTimeOf(at))).toBe(at)
})
