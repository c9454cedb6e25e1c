import { describe, expect, it } from 'vitest'
import { kisSymbolOf, tradeAndBook } from '../kis-symbols.ts'
import { Registrations } from './registrations.ts'

const ID = 'KRX-STOCK-005930'
const [trades, book] = tradeAndBook(kisSymbolOf(ID)!)
const ack = (of: typeof trades, code: string) => ({ ...of, code, message: '' })

/** Everything there is to say at this moment. */
function said(all: Registrations, nowMs = 0): string[] {
  const words: string[] = []
  for (let next = all.next(nowMs, 100); next; next = all.next(nowMs, 100)) {
    words.push(`${next.isOn ? '+' : '-'}${next.registration.trId}`)
  }
  return words
}

describe('registrations', () => {
  it('are asked for once, and stream when both feeds are on', () => {
    const all = new Registrations()
    all.want([trades, book])
    expect(said(all)).toEqual(['+H0STCNT0', '+H0STASP0'])
    expect(said(all)).toEqual([])
    expect(all.answered(ack(trades, 'OPSP0000'))).toBe(true)
    expect(all.streams(ID)).toBe(false)
    expect(all.answered(ack(book, 'OPSP0002'))).toBe(true)
    expect(all.streams(ID)).toBe(true)
    expect(said(all, 1_000)).toEqual([])
  })

  it('are asked for again when no answer came in time', () => {
    const all = new Registrations()
    all.want([trades])
    said(all, 0)
    expect(said(all, 100)).toEqual([])
    expect(said(all, 101)).toEqual(['+H0STCNT0'])
  })

  it('give up what is no more wanted before they ask for more', () => {
    const all = new Registrations()
    all.want([trades])
    said(all)
    all.want([book])
    expect(said(all)).toEqual(['-H0STCNT0', '+H0STASP0'])
    for (const code of ['OPSP0001', 'OPSP0003']) {
      expect(all.answered(ack(trades, code))).toBe(true)
    }
  })

  it('do not ask for what was refused, in another session either, until it was given up', () => {
    const all = new Registrations()
    all.want([trades, book])
    said(all)
    expect(all.answered(ack(trades, 'OPSP8993'))).toBe(false)
    expect(all.refuse(trades)).toEqual(trades)
    all.forgetAnswers()
    expect(said(all)).toEqual(['+H0STASP0'])
    all.want([book])
    all.want([trades, book])
    expect(said(all)).toEqual(['+H0STCNT0'])
  })

  it('ask for what had no room as soon as it is wanted still', () => {
    const all = new Registrations()
    all.want([trades, book])
    said(all)
    expect(all.drop(book)).toEqual(book)
    expect(said(all)).toEqual(['+H0STASP0'])
  })
})
