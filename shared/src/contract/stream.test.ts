import { describe, expect, it } from 'vitest'
import { CHANNELS_PER_SOCKET_MAX, clientFrameSchema } from './stream.ts'

const subscribe = (channels: unknown, resume_from?: unknown) => ({
  op: 'subscribe',
  channels,
  ...(resume_from === undefined ? {} : { resume_from }),
})
const many = (count: number): string[] => Array.from({ length: count }, () => 'quotes')

describe('a frame of a client', () => {
  it.each<[string, unknown, boolean]>([
    ['a token', { op: 'auth', token: 'x' }, true],
    ['a token of 4,096', { op: 'auth', token: 'x'.repeat(4_096) }, true],
    ['a token of 4,097', { op: 'auth', token: 'x'.repeat(4_097) }, false],
    ['no token', { op: 'auth' }, false],
    ['own orders', subscribe(['orders']), true],
    ['own orders from an event on', subscribe(['orders'], 0), true],
    ['own orders from before the first', subscribe(['orders'], -1), false],
    ['own orders from half an event', subscribe(['orders'], 0.5), false],
    ['all quotes', subscribe(['quotes']), true],
    ['the quotes of one ticker', subscribe(['quotes:US-STOCK-BRK.B']), true],
    ['the quotes of no ticker', subscribe(['quotes:']), false],
    ['the book of one ticker', subscribe(['book:KRX-STOCK-005930']), true],
    ['the tape of one ticker', subscribe(['trades:CRYPTO-COIN-BTC']), true],
    ['all books', subscribe(['book']), false],
    ['all tapes', subscribe(['trades:']), false],
    ['own alerts', subscribe(['alerts', 'orders']), true],
    ['the alerts of one ticker', subscribe(['alerts:CRYPTO-COIN-BTC']), false],
    ["another user's orders", subscribe(['orders:00000000']), false],
    ['a channel with a line end', subscribe(['orders\n']), false],
    ['no channel', subscribe([]), false],
    ['a hundred channels', subscribe(many(CHANNELS_PER_SOCKET_MAX)), true],
    ['a hundred and one channels', subscribe(many(CHANNELS_PER_SOCKET_MAX + 1)), false],
    ['a farewell', { op: 'unsubscribe', channels: ['quotes'] }, true],
    ['a ping', { op: 'ping' }, true],
    ['an unknown wish', { op: 'publish' }, false],
    ['text', 'ping', false],
    ['nothing', null, false],
  ])('with %s: taken is %s', (_, frame, isTaken) => {
    expect(clientFrameSchema.safeParse(frame).success).toBe(isTaken)
  })
})
