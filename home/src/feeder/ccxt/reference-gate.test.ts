import { describe, expect, it } from 'vitest'
import { decimal } from '@motu/shared/decimal.ts'
import type { ReferenceQuote } from '@motu/shared/market-data.ts'
import { ReferenceGate } from './reference-gate.ts'

const START_MS = Date.parse('2026-11-20T05:04:03.000Z')

type Seen = Partial<ReferenceQuote> & { open?: string; tick?: string; agoMs?: number }

/** A quote seen so many seconds after the start; bid and ask are its price unless said otherwise. */
function seen(seconds: number, { open, tick, agoMs = 0, ...overrides }: Seen = {}) {
  const receivedMs = START_MS + seconds * 1_000
  const price = overrides.price ?? '100'
  const quote: ReferenceQuote = {
    ...{ exchange: 'okx', base: 'BTC', quote: 'USDT', source: 'okx-ws', volume_24h: null },
    ...{ price, bid: price, ask: price },
    venue_time: new Date(receivedMs - agoMs).toISOString(),
    received_at: new Date(receivedMs).toISOString(),
    ...overrides,
  }
  return { quote, open: open ? decimal(open) : null, tick: tick ? decimal(tick) : null }
}

function verdicts(...looks: ReturnType<typeof seen>[]): string[] {
  const gate = new ReferenceGate()
  return looks.map((look) => {
    const verdict = gate.judge(look)
    return verdict.kind === 'pass' ? 'pass' : verdict.reason
  })
}

describe('a reference quote alone', () => {
  it.each([
    [{}, 'pass'],
    [{ bid: null, ask: null }, 'pass'],
    [{ bid: null, ask: '1000' }, 'spike'],
    [{ price: '0' }, 'bad_price'],
    [{ price: '-1' }, 'bad_price'],
    [{ bid: '0' }, 'bad_price'],
    [{ volume_24h: '-1' }, 'bad_size'],
    [{ bid: '101', ask: '100' }, 'crossed_book'],
    [{ bid: '100', ask: '100' }, 'pass'],
    [{ tick: '0.5', price: '100.5' }, 'pass'],
    [{ tick: '0.5', price: '100.4' }, 'off_tick'],
    [{ tick: '0.5', ask: '100.1' }, 'off_tick'],
    [{ open: '67', price: '100' }, 'pass'],
    [{ open: '66', price: '100' }, 'spike'],
    [{ venue_time: 'soon' }, 'bad_time'],
    [{ agoMs: -10_000 }, 'pass'],
    [{ agoMs: -10_001 }, 'future_time'],
  ] satisfies [Seen, string][])('%j: %s', (what, verdict) => {
    expect(verdicts(seen(0, what))).toEqual([verdict])
  })
})

describe('a reference quote after another', () => {
  it('may move as far as a coin does, each exchange and coin by itself', () => {
    expect(verdicts(seen(0), seen(0, { price: '110' }))).toEqual(['pass', 'pass'])
    expect(verdicts(seen(0), seen(0, { price: '110.1' }))).toEqual(['pass', 'spike'])
    const elsewhere = { price: '200', exchange: 'bybit', source: 'bybit' } as const
    expect(verdicts(seen(0), seen(0, elsewhere))).toEqual(['pass', 'pass'])
    expect(verdicts(seen(0), seen(0, { price: '3', base: 'XRP' }))).toEqual(['pass', 'pass'])
  })

  it('is believed after half a minute from one way, after three seconds from two', () => {
    const jump = (seconds: number, source: string) => seen(seconds, { price: '300', source })
    const alone = [1, 15, 30, 31].map((seconds) => jump(seconds, 'okx-ws'))
    expect(verdicts(seen(0), ...alone)).toEqual(['pass', 'spike', 'spike', 'spike', 'pass'])
    const both = [jump(1, 'okx-ws'), jump(2, 'okx'), jump(4, 'okx-ws')]
    expect(verdicts(seen(0), ...both)).toEqual(['pass', 'spike', 'spike', 'pass'])
  })

  it('goes forward in time', () => {
    const back = [seen(5), seen(6, { agoMs: 1_001 })]
    expect(verdicts(...back)).toEqual(['pass', 'time_backwards'])
  })
})
