import { describe, expect, it } from 'vitest'
import { type BookView, PRINTS_PER_FRAME_MAX, type TapeView } from '@motu/shared/contract/stream.ts'
import type { MarketEvent, Quote } from '@motu/shared/market-data.ts'
import { LatestBoard } from '../src/market/latest-board.ts'
import { MarketBoard } from '../src/market/market-board.ts'
import type { MarketFrame, MarketKind } from '../src/market/market-frame.ts'
import { MarketLane } from '../src/market/market-lane.ts'

const START_MS = Date.UTC(2026, 10, 20, 1)
const at = (seconds: number): string => new Date(START_MS + seconds * 1_000).toISOString()

const dataOf = (frame: MarketFrame | null): unknown =>
  (JSON.parse(frame!.text) as { data: unknown }).data

describe('the latest', () => {
  const quote = (ticker_id: string, price: string) => ({ ticker_id, price }) as Quote
  const pricesIn = (frame: MarketFrame | null) =>
    (dataOf(frame) as Quote[]).map(({ price }) => price)

  it('gives a newcomer everything, and who has seen some of it only the rest', () => {
    const board = new LatestBoard<Quote>('quotes')
    board.put('A', quote('A', '1'))
    board.put('B', quote('B', '2'))
    const all = board.frameSince('quotes', 0)!
    expect(pricesIn(all)).toEqual(['1', '2'])
    board.put('A', quote('A', '3'))
    expect(pricesIn(board.frameSince('quotes', all.version))).toEqual(['3'])
  })

  it('is encoded once for all who have seen the same', () => {
    const board = new LatestBoard<Quote>('quotes')
    board.put('A', quote('A', '1'))
    expect(board.frameSince('quotes', 0)).toBe(board.frameSince('quotes', 0))
  })

  it('knows when a channel has no news', () => {
    const board = new LatestBoard<Quote>('quotes')
    expect(board.isNews('quotes', 0)).toBe(false)
    expect(board.frameSince('quotes:A', 0)).toBeNull()
    board.put('A', quote('A', '1'))
    expect(board.isNews('quotes:A', 0)).toBe(true)
    expect(board.isNews('quotes:B', 0)).toBe(false)
    expect(board.frameSince('quotes:A', 1)).toBeNull()
  })
})

/** An event of ticker A, `seconds` after the first. */
function event(seq: number, changes: Partial<MarketEvent> & { seconds?: number } = {}) {
  const { seconds = 0, ...rest } = changes
  return {
    ...{ ticker_id: 'A', epoch: 'e', seq, price: '10', simulated: true },
    ...{ bid: '9', bid_size: '1', ask: '11', ask_size: '2' },
    ...{ venue_time: at(seconds), received_at: at(seconds) },
    ...rest,
  } as MarketEvent
}
const shown = (board: MarketBoard, kind: MarketKind, version = 0): MarketFrame | null =>
  board.of(kind).frameSince(`${kind}:A`, version)
const bookOn = (board: MarketBoard): BookView => dataOf(shown(board, 'book')) as BookView
const printsIn = (frame: MarketFrame | null): string[] =>
  (dataOf(frame) as TapeView).prints.map(([, price]) => price)

const LEVELS: Pick<MarketEvent, 'bids' | 'asks'> = {
  bids: [
    ['9', '1'],
    ['8', '4'],
  ],
  asks: [['11', '2']],
}

describe('a book', () => {
  it('is as the newest event tells it, with the phase', () => {
    const board = new MarketBoard()
    board.put(event(1, { ...LEVELS, phase: 'auction' }))
    expect(bookOn(board)).toEqual({
      ticker_id: 'A',
      ...LEVELS,
      phase: 'auction',
      venue_time: at(0),
      received_at: at(0),
      simulated: true,
    })
  })

  it('of best prices alone has a level a side, and none where nobody stands', () => {
    const board = new MarketBoard()
    board.put(event(1, { ask: '10', ask_size: '0' }))
    expect(bookOn(board)).toMatchObject({ bids: [['9', '1']], asks: [], phase: 'continuous' })
  })

  it('stands for five seconds while events tell none, then the best prices do', () => {
    const board = new MarketBoard()
    board.put(event(1, LEVELS))
    const first = shown(board, 'book')!
    board.put(event(2, { seconds: 5 }))
    expect(shown(board, 'book', first.version)).toBeNull()
    board.put(event(3, { seconds: 5, phase: 'halted' }))
    expect(bookOn(board)).toMatchObject({ ...LEVELS, phase: 'halted', received_at: at(0) })
    board.put(event(4, { seconds: 5.001 }))
    expect(bookOn(board)).toMatchObject({ bids: [['9', '1']], asks: [['11', '2']] })
  })

  it('that was simulated does not stand for a live one', () => {
    const board = new MarketBoard()
    board.put(event(1, LEVELS))
    board.put(event(2, { simulated: false }))
    expect(bookOn(board)).toMatchObject({ bids: [['9', '1']], simulated: false })
  })

  it('is not overtaken by an event before it, unless the feeder began anew', () => {
    const board = new MarketBoard()
    board.put(event(7, LEVELS))
    board.put(event(6, { bids: [['5', '5']], asks: [] }))
    expect(bookOn(board).bids).toEqual(LEVELS.bids)
    board.put(event(1, { epoch: 'f', bids: [['5', '5']], asks: [] }))
    expect(bookOn(board).bids).toEqual([['5', '5']])
  })
})

/** Prints that can be told apart, by their price. */
const printed = (first: number, count: number): NonNullable<MarketEvent['prints']> =>
  Array.from({ length: count }, (_, index) => [String(first + index), '1', 'BUY'])
const numbers = (first: number, count: number): string[] =>
  printed(first, count).map(([price]) => price)

describe('a tape', () => {
  it('carries each print once, at the instant of its event', () => {
    const board = new MarketBoard()
    board.put(event(1, { prints: printed(1, 2) }))
    const first = shown(board, 'trades')!
    expect(dataOf(first)).toEqual({
      ticker_id: 'A',
      prints: [
        [START_MS, '1', '1', 'BUY'],
        [START_MS, '2', '1', 'BUY'],
      ],
      simulated: true,
    })
    board.put(event(2))
    expect(shown(board, 'trades', first.version)).toBeNull()
    board.put(event(3, { prints: printed(3, 1) }))
    board.put(event(4, { prints: printed(4, 1) }))
    expect(printsIn(shown(board, 'trades', first.version))).toEqual(['3', '4'])
  })

  it.each([
    ['as many as a frame takes', PRINTS_PER_FRAME_MAX, 4],
    ['one more: the oldest is lost', PRINTS_PER_FRAME_MAX + 1, 5],
  ])('missed by a client: %s', (_, count, oldest) => {
    const board = new MarketBoard()
    board.put(event(1, { prints: printed(1, 3) }))
    const { version } = shown(board, 'trades')!
    for (let index = 0; index < count; index += 1) {
      board.put(event(2 + index, { prints: printed(4 + index, 1) }))
    }
    const missed = shown(board, 'trades', version)
    expect(printsIn(missed)).toEqual(numbers(oldest, PRINTS_PER_FRAME_MAX))
    expect(shown(board, 'trades', missed!.version)).toBeNull()
    // Who has heard none of them gets the very same frame as a newcomer.
    expect(shown(board, 'trades', 0)).toBe(shown(board, 'trades', oldest - 1))
  })

  it('begins anew where simulated prints end', () => {
    const board = new MarketBoard()
    board.put(event(1, { prints: printed(1, 3) }))
    board.put(event(2, { prints: printed(4, 1), simulated: false }))
    expect(printsIn(shown(board, 'trades'))).toEqual(['4'])
  })
})

describe('the channels of a client', () => {
  const PACE_MS = 100

  it('take turns at one pace', () => {
    const board = new LatestBoard<string>('book')
    const lane = new MarketLane()
    for (const ticker of ['A', 'B', 'C']) lane.add(`book:${ticker}`)
    const served: (string | null)[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      for (const ticker of ['A', 'B', 'C']) board.put(ticker, ticker)
      const { text, isMore } = lane.next(board, { now: turn * PACE_MS, intervalMs: PACE_MS })
      served.push(text && (JSON.parse(text) as { data: string }).data)
      expect(isMore).toBe(true)
    }
    expect(served).toEqual(['A', 'B', 'C', 'A', 'B', 'C'])
  })

  it('wait until the pace allows, and are silent without news', () => {
    const board = new LatestBoard<string>('book')
    const lane = new MarketLane()
    lane.add('book:A')
    const next = (now: number) => lane.next(board, { now, intervalMs: PACE_MS })
    expect(next(0)).toEqual({ text: null, isMore: false })
    board.put('A', 'first')
    expect(next(0).text).toContain('first')
    board.put('A', 'second')
    expect(next(PACE_MS - 1)).toEqual({ text: null, isMore: true })
    expect(next(PACE_MS).text).toContain('second')
    expect(next(2 * PACE_MS)).toEqual({ text: null, isMore: false })
  })
})
