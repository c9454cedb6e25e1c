import type { Order } from '@motu/shared/contract/orders.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Live, type LiveOptions, type Socket } from './live.svelte.ts'

class FakeSocket implements Socket {
  sent: unknown[] = []
  isClosed = false
  onopen: Socket['onopen'] = null
  onmessage: Socket['onmessage'] = null
  onclose: Socket['onclose'] = null

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.isClosed = true
  }

  hear(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
}

describe('the live socket', () => {
  let sockets: FakeSocket[]
  let timers: { at: number; call: () => void }[]
  let now: number
  let options: LiveOptions
  let live: Live

  beforeEach(() => {
    sockets = []
    timers = []
    now = 0
    options = {
      open: () => {
        const socket = new FakeSocket()
        sockets.push(socket)
        return socket
      },
      now: () => now,
      random: () => 1,
      after: (delayMs, call) => {
        const timer = { at: now + delayMs, call }
        timers.push(timer)
        return () => {
          timers = timers.filter((each) => each !== timer)
        }
      },
      token: vi.fn(async () => 'token'),
      renew: vi.fn(async () => true),
      onQuotes: vi.fn(),
      onOrder: vi.fn(),
      onOrdersUnknown: vi.fn(),
      onHome: vi.fn(),
      onBack: vi.fn(),
    }
    live = new Live(options, ['quotes'])
  })

  /** Lets time pass, calling what falls due, and lets promises settle. */
  async function pass(ms: number): Promise<void> {
    const until = now + ms
    for (;;) {
      await new Promise((done) => setImmediate(done))
      const due = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      timers = timers.filter((each) => each !== due)
      now = due.at
      due.call()
    }
    now = until
  }

  async function connect(seq = 5): Promise<FakeSocket> {
    live.start()
    await pass(0)
    return greet(seq)
  }

  function greet(seq: number): FakeSocket {
    const socket = sockets.at(-1)!
    socket.onopen?.()
    socket.hear({ op: 'subscribed', channels: ['quotes'] })
    socket.hear({ op: 'subscribed', channels: ['orders'], seq })
    return socket
  }

  const order = (seq: number) => ({ channel: 'orders', seq, data: { order_id: `${seq}` } as Order })

  it('says that it is back after a loss, and not that it has begun', async () => {
    const first = await connect()
    first.hear({ op: 'subscribed', channels: ['quotes'] })
    expect(options.onBack).not.toHaveBeenCalled()
    first.onclose?.({ code: 1006 })
    await pass(20_000)
    expect(options.onBack).not.toHaveBeenCalled()
    greet(5)
    expect(options.onBack).toHaveBeenCalledTimes(1)
    live.restart()
    await pass(0)
    greet(5)
    expect(options.onBack).toHaveBeenCalledTimes(1)
  })

  it('says who it is first, then what it wants to hear', async () => {
    const socket = await connect()
    expect(live.state).toBe('live')
    expect(socket.sent).toEqual([
      { op: 'auth', token: 'token' },
      { op: 'subscribe', channels: ['quotes', 'orders'] },
    ])
    expect(options.onOrdersUnknown).toHaveBeenCalledTimes(1)
  })

  it('hears prices without being signed in', async () => {
    options.token = async () => null
    live.start()
    await pass(0)
    sockets[0]!.onopen?.()
    expect(sockets[0]!.sent).toEqual([{ op: 'subscribe', channels: ['quotes'] }])
  })

  it('takes each order event once, in order', async () => {
    const socket = await connect(5)
    for (const seq of [6, 6, 5, 7]) socket.hear(order(seq))
    expect(options.onOrder).toHaveBeenCalledTimes(2)
    expect(options.onOrdersUnknown).toHaveBeenCalledTimes(1)
  })

  it('asks for a fetch when an event is missing, or when it is told so', async () => {
    const socket = await connect(5)
    socket.hear(order(8))
    expect(options.onOrdersUnknown).toHaveBeenCalledTimes(2)
    socket.hear({ op: 'reset', channel: 'orders', seq: 20 })
    expect(options.onOrdersUnknown).toHaveBeenCalledTimes(3)
    socket.hear(order(21))
    expect(options.onOrdersUnknown).toHaveBeenCalledTimes(3)
  })

  it('resumes from the last event after a loss', async () => {
    const socket = await connect(5)
    socket.hear(order(6))
    socket.onclose?.({ code: 1006 })
    expect(live.state).toBe('waiting')
    await pass(500)
    greet(6)
    expect(sockets[1]!.sent.at(-1)).toEqual({
      op: 'subscribe',
      channels: ['quotes', 'orders'],
      resume_from: 6,
    })
    expect(options.onOrdersUnknown).toHaveBeenCalledTimes(1)
  })

  it('waits longer after each loss, and not at all when it is told to hurry', async () => {
    live.start()
    await pass(0)
    for (const delayMs of [500, 1_000, 2_000]) {
      sockets.at(-1)!.onclose?.({ code: 1006 })
      const before = sockets.length
      await pass(delayMs - 1)
      expect(sockets).toHaveLength(before)
      await pass(1)
      expect(sockets).toHaveLength(before + 1)
    }
    sockets.at(-1)!.onclose?.({ code: 1006 })
    live.hurry()
    await pass(0)
    expect(sockets).toHaveLength(5)
  })

  it('renews the token when the socket is refused', async () => {
    const socket = await connect()
    socket.onclose?.({ code: 4401 })
    await pass(500)
    expect(options.renew).toHaveBeenCalledTimes(1)
    expect(sockets).toHaveLength(2)
  })

  it('gives a silent socket up', async () => {
    const socket = await connect()
    await pass(20_000)
    expect(socket.sent.at(-1)).toEqual({ op: 'ping' })
    await pass(15_000)
    expect(socket.isClosed).toBe(true)
    expect(sockets.length).toBeGreaterThan(1)
  })

  it('forgets where it was when someone else signs in', async () => {
    await connect(5)
    live.restart()
    await pass(0)
    greet(1)
    expect(sockets[1]!.sent.at(-1)).not.toHaveProperty('resume_from')
  })

  describe('watching a channel', () => {
    const BOOK = 'book:CRYPTO-COIN-BTC'
    const book = (price: string) => ({ channel: BOOK, seq: 1, data: { bids: [[price, '1']] } })

    it('subscribes with the first watcher and ends it after the last, once a moment', async () => {
      const socket = await connect()
      const before = socket.sent.length
      const ends = [live.watch(BOOK, vi.fn()), live.watch(BOOK, vi.fn())]
      ends.push(live.watch('trades:CRYPTO-COIN-BTC', vi.fn()))
      await pass(0)
      expect(socket.sent.slice(before)).toEqual([
        { op: 'subscribe', channels: [BOOK, 'trades:CRYPTO-COIN-BTC'] },
      ])
      ends[0]!()
      ends[0]!()
      await pass(0)
      expect(socket.sent).toHaveLength(before + 1)
      ends[1]!()
      ends[2]!()
      await pass(0)
      expect(socket.sent.slice(before + 1)).toEqual([
        { op: 'unsubscribe', channels: [BOOK, 'trades:CRYPTO-COIN-BTC'] },
      ])
    })

    it('hands every frame to all who watch, and to nobody else', async () => {
      const socket = await connect()
      const [one, other, stranger] = [vi.fn(), vi.fn(), vi.fn()]
      live.watch(BOOK, one)
      const end = live.watch(BOOK, other)
      live.watch('trades:CRYPTO-COIN-BTC', stranger)
      socket.hear(book('1'))
      end()
      socket.hear(book('2'))
      expect(one.mock.calls).toEqual([[{ bids: [['1', '1']] }], [{ bids: [['2', '1']] }]])
      expect(other).toHaveBeenCalledTimes(1)
      expect(stranger).not.toHaveBeenCalled()
      expect(options.onQuotes).not.toHaveBeenCalled()
    })

    it('brings a watched quote to the prices too', async () => {
      const socket = await connect()
      const heard = vi.fn()
      live.watch('quotes:CRYPTO-COIN-BTC', heard)
      socket.hear({ channel: 'quotes:CRYPTO-COIN-BTC', seq: 1, data: { price: '7' } })
      expect(heard).toHaveBeenCalledWith({ price: '7' })
      expect(options.onQuotes).toHaveBeenCalledWith([{ price: '7' }])
    })

    it('asks anew for what one page left and the next one wants, with nothing in between', async () => {
      const socket = await connect()
      const end = live.watch(BOOK, vi.fn())
      await pass(0)
      const before = socket.sent.length
      end()
      live.watch(BOOK, vi.fn())
      await pass(0)
      expect(socket.sent.slice(before)).toEqual([
        { op: 'unsubscribe', channels: [BOOK] },
        { op: 'subscribe', channels: [BOOK] },
      ])
    })

    it('says nothing of a watch that ended in the moment it began', async () => {
      const socket = await connect()
      const before = socket.sent.length
      live.watch(BOOK, vi.fn())()
      await pass(0)
      expect(socket.sent).toHaveLength(before)
    })

    it('survives a lost socket, and hears what was wanted while there was none', async () => {
      const socket = await connect()
      const heard = vi.fn()
      live.watch(BOOK, heard)
      await pass(0)
      socket.onclose?.({ code: 1006 })
      live.watch('trades:CRYPTO-COIN-BTC', vi.fn())
      await pass(500)
      const next = greet(5)
      expect(next.sent.at(-1)).toEqual({
        op: 'subscribe',
        channels: [BOOK, 'trades:CRYPTO-COIN-BTC'],
      })
      next.hear(book('3'))
      expect(heard).toHaveBeenCalledTimes(1)
    })

    it('forgets nobody who came between the greeting and its answer', async () => {
      live.start()
      await pass(0)
      sockets[0]!.onopen?.()
      live.watch(BOOK, vi.fn())
      await pass(0)
      sockets[0]!.hear({ op: 'subscribed', channels: ['quotes'] })
      expect(sockets[0]!.sent.at(-1)).toEqual({ op: 'subscribe', channels: [BOOK] })
    })

    it('asks for alerts only where somebody is signed in', async () => {
      options.token = async () => null
      live.watch('alerts', vi.fn())
      live.start()
      await pass(0)
      sockets[0]!.onopen?.()
      expect(sockets[0]!.sent).toEqual([{ op: 'subscribe', channels: ['quotes'] }])
      options.token = async () => 'token'
      live.restart()
      await pass(0)
      expect(greet(1).sent.at(-1)).toEqual({ op: 'subscribe', channels: ['alerts'] })
    })
  })
})
