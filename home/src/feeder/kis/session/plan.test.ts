import { describe, expect, it } from 'vitest'
import { kisSymbolOf } from '../kis-symbols.ts'
import { planRegistrations, type Seat } from './plan.ts'

const ids = Array.from({ length: 60 }, (_, i) => `KRX-STOCK-${String(i).padStart(6, '0')}`)
const symbols = new Map(ids.map((id) => [id, kisSymbolOf(id)!]))
const seat = (name: string, limit = 40, hasOperations = false): Seat => ({
  name,
  limit,
  hasOperations,
})
const NONE = new Map<string, string>()

describe('the plan', () => {
  it.each([
    // accounts, demand, streamed, polled
    [1, 0, 0, 0],
    [1, 20, 20, 0],
    [1, 21, 20, 1],
    [2, 40, 40, 0],
    [2, 41, 40, 1],
    [3, 60, 60, 0],
  ])(
    'of %i accounts and %i tickers streams %i and polls %i',
    (accounts, wanted, streamed, polled) => {
      const seats = Array.from({ length: accounts }, (_, i) => seat(`a${i}`))
      const plan = planRegistrations({ demand: ids.slice(0, wanted), symbols, seats, before: NONE })
      expect(plan.seatOf.size).toBe(streamed)
      expect(plan.polled).toEqual(ids.slice(streamed, wanted))
      expect(polled).toBe(plan.polled.length)
      for (const registrations of plan.registrations.values()) {
        expect(registrations.length).toBeLessThanOrEqual(40)
        // Trades and book of one ticker, always both.
        const counts = Map.groupBy(registrations, ({ tickerId }) => tickerId)
        for (const both of counts.values()) expect(both).toHaveLength(2)
      }
    },
  )

  it('leaves where it is what stays in demand', () => {
    const seats = [seat('a', 4), seat('b', 4)]
    const first = planRegistrations({ demand: ids.slice(0, 4), symbols, seats, before: NONE })
    const demand = [ids[5]!, ids[3]!, ids[2]!, ids[1]!]
    const next = planRegistrations({ demand, symbols, seats, before: first.seatOf })
    for (const id of ids.slice(1, 4)) expect(next.seatOf.get(id)).toBe(first.seatOf.get(id))
    expect(next.seatOf.get(ids[5]!)).toBe(first.seatOf.get(ids[0]!))
    expect(next.seatOf.has(ids[0]!)).toBe(false)
  })

  it('gives the room that is left to market operations, of accounts that have them', () => {
    const count = (limit: number, wanted: number, hasOperations: boolean): number =>
      planRegistrations({
        demand: ids.slice(0, wanted),
        symbols,
        seats: [seat('a', limit, hasOperations)],
        before: NONE,
      }).registrations.get('a')!.length
    expect(count(40, 10, true)).toBe(30)
    expect(count(40, 10, false)).toBe(20)
    expect(count(40, 18, true)).toBe(40)
    expect(count(40, 20, true)).toBe(40)
    expect(count(41, 20, true)).toBe(41)
  })

  it('knows a ticker once, and only its own', () => {
    const demand = [ids[0]!, ids[0]!, 'CRYPTO-COIN-BTC']
    const plan = planRegistrations({ demand, symbols, seats: [seat('a')], before: NONE })
    expect([...plan.seatOf.keys()]).toEqual([ids[0]])
    expect(plan.polled).toEqual([])
  })
})
