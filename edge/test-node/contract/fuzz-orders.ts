// Orders that a client might mean: fields that go together, as their schema alone does not say. What
// goes wrong with them is added afterwards, as to everything the fuzz sends.

import fc from 'fast-check'

/** Prices on their ticks near where each instrument is replayed; a stop stands below the limit. */
const NEAR = [
  { ticker_id: 'CRYPTO-COIN-BTC', quantity: '0.01', limit: '9000000', stop: '8000000' },
  { ticker_id: 'KRX-STOCK-005930', quantity: '3', limit: '45000', stop: '40000' },
  { ticker_id: 'US-STOCK-AAPL', quantity: '1', limit: '100', stop: '90.01' },
] as const

type Near = (typeof NEAR)[number]

const MARKET = { type: 'MARKET' }
const GTC = { time_in_force: 'GTC' }
const limitAt = ({ limit }: Near): object => ({ type: 'LIMIT', limit_price: limit, ...GTC })
const stopAt = ({ stop }: Near): object => ({ type: 'STOP', stop_price: stop, ...GTC })

/** What an order may be besides an ordinary one; each is as likely as another. */
const KINDS: readonly ((near: Near) => object)[] = [
  // These rest: there is something to replace and to cancel.
  ...Array.from({ length: 5 }, () => (near: Near) => ({ ...limitAt(near), side: 'BUY' })),
  limitAt,
  () => MARKET,
  () => ({ ...MARKET, side: 'BUY', quantity: null, notional: '100000' }),
  (near) => ({ ...limitAt(near), post_only: true }),
  (near) => ({ ...limitAt(near), side: 'SELL', reduce_only: true }),
  (near) => ({ ...limitAt(near), time_in_force: 'GTD', expire_at: '2099-01-01T00:00:00.000Z' }),
  (near) => ({ ...limitAt(near), sessions: ['regular'], queue_for_open: true }),
  stopAt,
  (near) => ({ ...stopAt(near), type: 'STOP_LIMIT', limit_price: near.limit }),
  () => ({ type: 'TRAILING_STOP', trail_percent: '5', ...GTC }),
  (near) => ({
    ...{ ...limitAt(near), side: 'SELL', order_class: 'OCO' },
    stop_loss: stopAt(near),
  }),
  (near) => ({ ...MARKET, side: 'BUY', order_class: 'OTO', stop_loss: stopAt(near) }),
  (near) => ({
    ...{ ...MARKET, side: 'BUY', order_class: 'BRACKET' },
    ...{ take_profit: limitAt(near), stop_loss: stopAt(near) },
  }),
]

const clientOrderId = fc.option(fc.stringMatching(/^[a-z]{1,3}$/), { nil: undefined })

/** Orders of every kind, whose fields go together. */
export const likelyOrder: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom(...NEAR),
    fc.constantFrom(...KINDS),
    fc.constantFrom('BUY', 'SELL'),
    clientOrderId,
  )
  .map(([near, kind, side, client_order_id]) => {
    const { ticker_id, quantity } = near
    const own = client_order_id === undefined ? {} : { client_order_id }
    return { ticker_id, side, quantity, ...own, ...kind(near) }
  })

/** Changes that fit an order of a usual kind. */
export const likelyReplacement: fc.Arbitrary<unknown> = fc.constantFrom<object[]>(
  ...[{ quantity: '4' }, { quantity: '5' }, { quantity: '6', time_in_force: 'GTC' }],
  ...[{ limit_price: '8000000' }, { stop_price: '7000000' }, { trail_percent: '7' }],
)
