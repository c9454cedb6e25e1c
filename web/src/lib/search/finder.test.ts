import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Listings } from '#lib/market/listings.svelte.ts'
import { Finder } from './finder.svelte.ts'

const LISTED_ELSEWHERE = {
  ...{ ticker_id: 'KRX-STOCK-999999', venue: 'KRX', kind: 'STOCK', board: 'KOSPI' },
  ...{ status: 'LISTED', name_ko: '비트전자', name_en: 'Bit Electronics', sector: null },
  ...{ currency: 'KRW', lot: '1', tick: '10', commission_percent: '0.01' },
}

let stored: Map<string, string>
let finder: Finder
let answer: () => Promise<unknown>
const asked = vi.fn<(query: string) => void>()

beforeEach(() => {
  vi.useFakeTimers()
  stored = new Map()
  asked.mockClear()
  answer = async () => ({ ok: true, data: { instruments: [LISTED_ELSEWHERE] }, staleSince: null })
  const instruments = (query: string) => {
    asked(query)
    return answer()
  }
  const api = { instruments } as never
  finder = new Finder({
    api,
    listings: new Listings(api),
    storage: {
      getItem: (key) => stored.get(key) ?? null,
      setItem: (key, value) => void stored.set(key, value),
      removeItem: (key) => void stored.delete(key),
    },
    after: (delayMs, call) => {
      const timer = setTimeout(call, delayMs)
      return () => clearTimeout(timer)
    },
  })
})

const names = () => finder.results.map(({ nameKo }) => nameKo)

describe('typing', () => {
  it('finds by first consonants at once', () => {
    finder.type('ㅂㅌㅋㅇ')
    expect(names()).toEqual(['비트코인'])
  })

  it('asks home once the typing pauses, and adds what it knows below', async () => {
    finder.type('비')
    finder.type('비트')
    expect(asked).not.toHaveBeenCalled()
    expect(finder.isAsking).toBe(true)
    await vi.advanceTimersByTimeAsync(200)
    expect(asked.mock.calls).toEqual([['비트']])
    expect(names()).toEqual(['비트코인', '비트전자'])
    expect(finder.isAsking).toBe(false)
  })

  it('does not show the answer to an earlier question', async () => {
    finder.type('비트')
    await vi.advanceTimersByTimeAsync(180)
    finder.type('이더')
    await vi.advanceTimersByTimeAsync(0)
    expect(names()).toEqual(['이더리움'])
  })

  it('says that home did not answer', async () => {
    answer = async () => ({ ok: false, failure: { kind: 'network' } })
    finder.type('비트')
    await vi.advanceTimersByTimeAsync(200)
    expect([finder.hasFailed, names()]).toEqual([true, ['비트코인']])
  })
})

it('remembers what was chosen, the newest first and each once', () => {
  for (const tickerId of ['A', 'B', 'A']) finder.choose(tickerId)
  expect(finder.recent).toEqual(['A', 'B'])
  finder.forget()
  expect([finder.recent, stored.size]).toEqual([[], 0])
})
