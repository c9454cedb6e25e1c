import { describe, expect, it } from 'vitest'
import type { Observation } from './observation.ts'
import { QualityGate } from './quality-gate.ts'

const START_MS = Date.parse('2026-11-20T05:00:00.000Z')
const at = (ms: number): string => new Date(START_MS + ms).toISOString()

/** A good look at a coin, `ms` after the start. */
function coin(ms: number, change: Partial<Observation> = {}): Observation {
  const price = change.price ?? '1000000'
  return {
    ticker_id: 'CRYPTO-COIN-BTC',
    price,
    bid: change.bid ?? price,
    ask: change.ask ?? price,
    bid_size: '1',
    ask_size: '2',
    currency: 'KRW',
    change_pct: '0',
    venue_time: at(ms),
    received_at: at(ms),
    source: 'upbit-ws',
    simulated: false,
    base_price: '1000000',
    volume: '0',
    ...change,
  }
}

const share = (ms: number, change: Partial<Observation> = {}): Observation =>
  coin(ms, { ticker_id: 'KRX-STOCK-005930', price: '54200', base_price: '54200', ...change })

/** `pass`, or why not. */
const judge = (gate: QualityGate, observation: Observation): string => {
  const verdict = gate.judge(observation)
  return verdict.kind === 'pass' ? 'pass' : verdict.reason
}

const book = { bid: '999000', ask: '1001000', bid_size: '1', ask_size: '1' }
const bids = (...levels: [string, string][]): Partial<Observation> => ({ ...book, bids: levels })
const asks = (...levels: [string, string][]): Partial<Observation> => ({ ...book, asks: levels })

describe('one look', () => {
  it.each<[string, Partial<Observation>, string]>([
    ['as it should be', {}, 'pass'],
    ['of no ticker', { ticker_id: 'BTC' }, 'unknown_ticker'],
    ['at NaN', { price: 'NaN', bid: '1', ask: '1' }, 'bad_price'],
    ['at Infinity', { price: 'Infinity', bid: '1', ask: '1' }, 'bad_price'],
    ['at an exponent', { price: '1e6', bid: '1', ask: '1' }, 'bad_price'],
    ['at zero', { price: '0' }, 'bad_price'],
    ['at less than zero', { price: '-1000000' }, 'bad_price'],
    ['without a bid', { bid: '' }, 'bad_price'],
    ['with an ask of zero', { ask: '0' }, 'bad_price'],
    ['with a base price of zero', { base_price: '0' }, 'bad_price'],
    ['with a print at zero', { prints: [['0', '1', 'BUY']] }, 'bad_price'],
    ['with a print of nothing', { prints: [['1000000', '0', 'BUY']] }, 'bad_size'],
    ['with a print', { prints: [['1000000', '0.1', null]] }, 'pass'],
    ['with nothing offered on a side', { bid_size: '0', bids: [] }, 'pass'],
    ['with a size of zero at a level', { ...bids(['999000', '1']), bid_size: '0' }, 'bad_size'],
    ['with a size below zero', { bid_size: '-1' }, 'bad_size'],
    ['with a size that is no number', { ask_size: 'NaN' }, 'bad_size'],
    ['with a volume below zero', { volume: '-1' }, 'bad_size'],
    ['with the bid one above the ask', { bid: '1000001', ask: '1000000' }, 'crossed_book'],
    ['with the bid at the ask', { bid: '1000000', ask: '1000000' }, 'pass'],
    ['crossed in an auction', { bid: '1000001', phase: 'auction' }, 'pass'],
    ['crossed while it matches', { bid: '1000001', phase: 'continuous' }, 'crossed_book'],
    ['with bids in order', bids(['999000', '1'], ['998000', '1']), 'pass'],
    ['with bids out of order', bids(['999000', '1'], ['999500', '1']), 'bad_levels'],
    ['with a bid twice', bids(['999000', '1'], ['999000', '1']), 'bad_levels'],
    ['with a level of no size', bids(['999000', '1'], ['998000', '0']), 'bad_levels'],
    ['with a first level that is not the bid', bids(['998000', '1']), 'bad_levels'],
    ['with no levels', bids(), 'pass'],
    ['with asks in order', asks(['1001000', '1'], ['1002000', '1']), 'pass'],
    ['with asks out of order', asks(['1001000', '1'], ['1000500', '1']), 'bad_levels'],
    ['with a first level that is not the ask', asks(['1002000', '1']), 'bad_levels'],
    ['at no time', { venue_time: 'noon' }, 'bad_time'],
    ['seen at no time', { received_at: '' }, 'bad_time'],
    ['from a clock ten seconds ahead', { venue_time: at(10_000) }, 'pass'],
    ['from the future', { venue_time: at(10_001) }, 'future_time'],
    ['half above its base price', { price: '1500000' }, 'pass'],
    ['further above its base price', { price: '1500001' }, 'spike'],
    ['half below its base price', { price: '666667' }, 'pass'],
    ['further below its base price', { price: '666600' }, 'spike'],
  ])('%s', (_what, change, verdict) => {
    expect(judge(new QualityGate(), coin(0, change))).toBe(verdict)
  })

  it.each<[string, Partial<Observation>, string]>([
    // Base 54,200: 38,000 to 70,400 (Samsung Electronics, November 2024).
    ['at the upper limit', { price: '70400' }, 'pass'],
    ['a tick above the upper limit', { price: '70500' }, 'price_limit'],
    ['at the lower limit', { price: '38000' }, 'pass'],
    ['a tick below the lower limit', { price: '37950' }, 'price_limit'],
    ['with an ask above the limit', { ask: '70500' }, 'price_limit'],
    ['with a print above the limit', { prints: [['70500', '1', 'BUY']] }, 'price_limit'],
    ['between two ticks', { price: '54250' }, 'off_tick'],
    ['with a bid between two ticks', { bid: '54150' }, 'off_tick'],
    ['on a smaller tick', { price: '49950' }, 'pass'],
    ['half a tick off below 50,000', { price: '49925' }, 'off_tick'],
  ])('at a share of KRX %s', (_what, change, verdict) => {
    expect(judge(new QualityGate(), share(0, change))).toBe(verdict)
  })
})

/** One look after another: when it was seen, what it showed, what becomes of it. */
type Story = readonly (readonly [ms: number, change: Partial<Observation>, verdict: string])[]

const rest = { source: 'upbit' }
const high = { price: '100000000' }

describe('looks, one after another', () => {
  it.each<[string, Story]>([
    [
      'time goes on, or stands still',
      [
        [0, {}, 'pass'],
        [1_000, { venue_time: at(0) }, 'pass'],
        [1_000, { venue_time: at(0) }, 'pass'],
        [1_001, {}, 'pass'],
      ],
    ],
    [
      'time never goes back',
      [
        [1_000, {}, 'pass'],
        [2_000, { venue_time: at(999) }, 'time_backwards'],
        [2_001, { venue_time: at(1_000) }, 'pass'],
      ],
    ],
    [
      'each source has its own time, each ticker too',
      [
        [1_000, {}, 'pass'],
        [1_100, { ...rest, venue_time: at(900) }, 'pass'],
        [1_200, { ticker_id: 'CRYPTO-COIN-ETH', venue_time: at(100) }, 'pass'],
      ],
    ],
    [
      'a quiet market that is looked at is not late, however old its last change is',
      [
        [0, {}, 'pass'],
        [60_000, { venue_time: at(0) }, 'pass'],
        [600_000, { venue_time: at(0) }, 'pass'],
      ],
    ],
    [
      'a change that nobody could see earlier is not late',
      [
        [0, {}, 'pass'],
        [60_000, { price: '1001000', venue_time: at(30_000) }, 'pass'],
      ],
    ],
    [
      'a change that an earlier look should have shown is late',
      [
        [0, {}, 'pass'],
        [40_000, { venue_time: at(0) }, 'pass'],
        [41_000, { price: '1001000', venue_time: at(29_999) }, 'late'],
        [41_000, { price: '1001000', venue_time: at(31_000) }, 'pass'],
      ],
    ],
    [
      'a tenth at once is no spike, more is; with each second it may be more',
      [
        [0, {}, 'pass'],
        [0, { price: '1100000' }, 'pass'],
        [0, { price: '1210001' }, 'spike'],
        [10_000, { price: '1232001' }, 'spike'],
        [10_000, { price: '1232000' }, 'pass'],
        [10_000, { price: '1100000', bid: '1', ask: '1100000' }, 'spike'],
      ],
    ],
    [
      'a spike is gone with the next look at the old price',
      [
        [0, {}, 'pass'],
        [100, high, 'spike'],
        [200, {}, 'pass'],
        [300, high, 'spike'],
        [40_000, {}, 'pass'],
        [50_000, high, 'spike'],
        [85_000, high, 'spike'],
        [85_001, high, 'pass'],
      ],
    ],
    [
      'one source alone is believed after three looks within half a minute or more',
      [
        [0, {}, 'pass'],
        [1_000, high, 'spike'],
        [1_001, high, 'spike'],
        [1_002, high, 'spike'],
        [30_999, high, 'spike'],
        [31_000, high, 'pass'],
        [31_001, high, 'pass'],
        [31_002, {}, 'spike'],
      ],
    ],
    [
      'two sources that agree are believed after three looks within three seconds',
      [
        [0, {}, 'pass'],
        [1_000, high, 'spike'],
        [2_000, { ...high, ...rest }, 'spike'],
        [3_999, high, 'spike'],
        [4_000, { ...high, ...rest }, 'pass'],
        [4_001, high, 'pass'],
      ],
    ],
    [
      'a source that contradicts another is not believed',
      [
        [0, {}, 'pass'],
        ...Array.from({ length: 60 }, (_, second): Story[number][] => [
          [second * 1_000 + 500, high, 'spike'],
          [second * 1_000 + 501, rest, 'pass'],
        ]).flat(),
      ],
    ],
    [
      'looks that do not agree with each other confirm nothing',
      [
        [0, {}, 'pass'],
        [1_000, { price: '100000000' }, 'spike'],
        [31_000, { price: '110000000' }, 'spike'],
        [62_000, { price: '90000000' }, 'spike'],
      ],
    ],
    [
      'a look that contradicts itself confirms nothing',
      [
        [0, {}, 'pass'],
        [1_000, { price: '1000000', ask: '100000000' }, 'spike'],
        [40_000, { price: '1000000', ask: '100000000' }, 'spike'],
        [90_000, { price: '1000000', ask: '100000000' }, 'spike'],
      ],
    ],
  ])('%s', (_what, story) => {
    const gate = new QualityGate()
    const verdicts = story.map(([ms, change]) => judge(gate, coin(ms, change)))
    expect(verdicts).toEqual(story.map(([, , verdict]) => verdict))
  })
})
