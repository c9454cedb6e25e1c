import { EVENT_RETENTION_MS, EVENTS_PER_TICKER_MAX } from '@motu/shared/market-data.ts'
import { describe, expect, it } from 'vitest'
import { marketEvent } from '../../test/market-event.ts'
import { BTC, SAMSUNG } from '../../test/engine/samples.ts'
import type { EngineQuote } from './engine-quote.ts'
import { QuoteRing } from './quote-ring.ts'

/** Adds an event of a ticker: its number, and when it was observed. */
function add(
  ring: QuoteRing,
  seq: number,
  ms: number,
  more: { epoch?: string; tickerId?: string } = {},
): EngineQuote | null {
  const received_at = new Date(ms).toISOString()
  const { epoch = 'e1', tickerId = BTC } = more
  return ring.add(marketEvent(tickerId, seq, { received_at, epoch }))
}
const seqs = (quotes: readonly EngineQuote[]): number[] => quotes.map((quote) => quote.seq)

describe('a ring of quotes', () => {
  it('reads an event as decimals and milliseconds', () => {
    const event = marketEvent(BTC, 7, {
      bid: '99.5',
      ask: '101',
      base_price: '100.00000001',
      venue_time: '2026-11-20T09:00:00.100Z',
      received_at: '2026-11-20T09:00:00.123Z',
    })
    expect({ ...new QuoteRing().add(event) }).toEqual({
      tickerId: BTC,
      epoch: 'e1',
      seq: 7,
      bid: 9_950_000_000n,
      ask: 10_100_000_000n,
      basePrice: 10_000_000_001n,
      last: 10_000_000_000n,
      source: 'test',
      phase: 'continuous',
      uncross: null,
      venueTime: Date.parse('2026-11-20T09:00:00.100Z'),
      receivedAt: Date.parse('2026-11-20T09:00:00.123Z'),
      simulated: true,
      afterGap: true,
      previousAt: null,
      candle: null,
    })
  })

  it.each<[string, [epoch: string, seq: number][], (boolean | null)[]]>([
    ['the first one comes after a gap', [['e1', 1]], [true]],
    [
      'the next one does not',
      [
        ['e1', 1],
        ['e1', 2],
      ],
      [true, false],
    ],
    [
      'one left out is a gap',
      [
        ['e1', 1],
        ['e1', 3],
        ['e1', 4],
      ],
      [true, true, false],
    ],
    [
      'the same one again is nothing',
      [
        ['e1', 1],
        ['e1', 1],
        ['e1', 2],
      ],
      [true, null, false],
    ],
    [
      'an older one is nothing',
      [
        ['e1', 5],
        ['e1', 4],
        ['e1', 6],
      ],
      [true, null, false],
    ],
    [
      'a new epoch is a gap',
      [
        ['e1', 5],
        ['e2', 6],
        ['e2', 7],
      ],
      [true, true, false],
    ],
    [
      'a new epoch counts anew',
      [
        ['e1', 5],
        ['e2', 1],
        ['e2', 2],
      ],
      [true, true, false],
    ],
  ])('knows gaps and repetitions: %s', (_, events, expected) => {
    const ring = new QuoteRing()
    const gaps = events.map(([epoch, seq], index) => {
      const quote = add(ring, seq, index, { epoch })
      return quote && quote.afterGap
    })
    expect(gaps).toEqual(expected)
  })

  it('keeps the tickers apart', () => {
    const ring = new QuoteRing()
    add(ring, 1, 10)
    expect(add(ring, 1, 10, { tickerId: SAMSUNG })).not.toBeNull()
    expect(ring.last(SAMSUNG)!.tickerId).toBe(SAMSUNG)
    expect(ring.last(BTC)!.tickerId).toBe(BTC)
    expect(ring.last('US-STOCK-AAPL')).toBeUndefined()
    expect(ring.eligible('US-STOCK-AAPL', 0)).toEqual([])
    expect(ring.at('US-STOCK-AAPL', 0)).toBeUndefined()
  })

  it.each<[number, number[]]>([
    [9, [1, 2, 3, 4]],
    [10, [2, 3, 4]],
    [19, [2, 3, 4]],
    [20, [4]],
    [29, [4]],
    [30, []],
    [31, []],
  ])('offers an order accepted at %i the events after that instant: %j', (acceptedAt, expected) => {
    const ring = new QuoteRing()
    add(ring, 1, 10)
    // Two events of one millisecond: both come after what was accepted before it, or neither.
    add(ring, 2, 20)
    add(ring, 3, 20)
    add(ring, 4, 30)
    expect(seqs(ring.eligible(BTC, acceptedAt))).toEqual(expected)
  })

  it.each([
    [9, undefined],
    [10, 1],
    [19, 1],
    [20, 2],
    [1_000, 2],
  ])('at %i knows quote %i', (atMs, seq) => {
    const ring = new QuoteRing()
    add(ring, 1, 10)
    add(ring, 2, 20)
    expect(ring.at(BTC, atMs)?.seq).toBe(seq)
  })

  it('keeps no more events of a ticker than it may, give or take a chunk', () => {
    const ring = new QuoteRing()
    let longest = 0
    for (let seq = 1; seq <= EVENTS_PER_TICKER_MAX * 2; seq += 1) {
      add(ring, seq, seq)
      longest = Math.max(longest, ring.eligible(BTC, 0).length)
    }
    expect(longest).toBeGreaterThanOrEqual(EVENTS_PER_TICKER_MAX)
    expect(longest).toBeLessThanOrEqual(EVENTS_PER_TICKER_MAX + 256)
    expect(ring.eligible(BTC, 0).at(-1)!.seq).toBe(EVENTS_PER_TICKER_MAX * 2)
  })

  it('keeps ten minutes, give or take a chunk, and always the last quote', () => {
    const ring = new QuoteRing()
    const everyMs = 1_000
    for (let seq = 1; seq <= 2_000; seq += 1) add(ring, seq, seq * everyMs)
    const kept = ring.eligible(BTC, 0)
    const ageMs = 2_000 * everyMs - kept[0]!.receivedAt
    expect(ageMs).toBeGreaterThanOrEqual(EVENT_RETENTION_MS)
    expect(ageMs).toBeLessThanOrEqual(EVENT_RETENTION_MS + 256 * everyMs)
    add(ring, 2_001, 2_000 * everyMs + EVENT_RETENTION_MS * 10)
    expect(ring.last(BTC)!.seq).toBe(2_001)
  })
})
