import type { BookView, TapeView } from '@motu/shared/contract/stream.ts'
import type { Quote } from '@motu/shared/market-data.ts'
import { describe, expect, it } from 'vitest'
import type { Live } from '#lib/live.svelte.ts'
import { BookFeed } from './book/book-feed.svelte.ts'
import type { Frames } from '#lib/ui/per-frame.ts'
import { TapeFeed } from './tape/tape-feed.svelte.ts'

const TICKER = 'CRYPTO-COIN-BTC'

/** A socket that says what it is told to, and frames that come when they are asked to. */
function setUp() {
  let say: ((data: never) => void) | null = null
  let calls: (() => void)[] = []
  let left = 0
  const watch = ((_channel: string, handler: (data: never) => void) => {
    say = handler
    return () => (left += 1)
  }) as Live['watch']
  const frames: Frames = { request: (call) => calls.push(call), cancel: () => (calls = []) }
  const frame = () => {
    const due = calls
    calls = []
    for (const call of due) call()
    return due.length
  }
  return {
    live: { watch },
    frames,
    frame,
    say: (data: unknown) => say!(data as never),
    ends: () => left,
  }
}

const book = (bid: string): BookView => ({
  ...{ ticker_id: TICKER, bids: [[bid, '1']], asks: [], phase: 'continuous' },
  ...{ venue_time: '', received_at: '', simulated: true },
})
const prints = (...at: number[]): TapeView => ({
  ...{ ticker_id: TICKER, simulated: true, prints: at.map((ms) => [ms, '1', '1', 'BUY']) },
})

describe('the order book', () => {
  it('draws fifty changes of one frame once, and the newest', () => {
    const { live, frames, frame, say } = setUp()
    const feed = new BookFeed({ live, frames, quote: () => null })
    feed.watch(TICKER)
    for (let price = 1; price <= 50; price += 1) say(book(`${price}`))
    expect(feed.book).toBeNull()
    expect(frame()).toBe(1)
    expect(feed.book?.bids).toEqual([['50', '1']])
    expect(feed.phase).toBe('continuous')
  })

  it('shows the best prices of the quote until a book is here', () => {
    const { live, frames, frame, say } = setUp()
    const quote = { bid: '9', bid_size: '2', ask: '10', ask_size: '3' } as Quote
    const feed = new BookFeed({ live, frames, quote: () => quote })
    feed.watch(TICKER)
    expect(feed.book).toEqual({ bids: [['9', '2']], asks: [['10', '3']] })
    say(book('8'))
    frame()
    expect(feed.book?.bids).toEqual([['8', '1']])
  })

  it('forgets the last ticker and leaves its channel', () => {
    const { live, frames, frame, say, ends } = setUp()
    const feed = new BookFeed({ live, frames, quote: () => null })
    const leave = feed.watch(TICKER)
    say(book('8'))
    frame()
    leave()
    feed.watch('CRYPTO-COIN-ETH')
    expect([feed.book, ends()]).toEqual([null, 1])
  })
})

describe('the trade tape', () => {
  it('stands still while it is read, and then shows what came', () => {
    const { live, frames, frame, say } = setUp()
    const feed = new TapeFeed({ live, frames })
    feed.watch(TICKER)
    say(prints(1))
    frame()
    feed.pause()
    say(prints(2))
    frame()
    expect(feed.prints.map(({ at }) => at)).toEqual([1])
    feed.resume()
    frame()
    expect(feed.prints.map(({ at }) => at)).toEqual([2, 1])
  })
})
