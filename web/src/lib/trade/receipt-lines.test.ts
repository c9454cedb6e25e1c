import { beforeAll, describe, expect, it } from 'vitest'
import type { Evidence } from '@motu/shared/contract/receipt.ts'
import { findInstrument } from '@motu/shared/instrument.ts'
import { venueMoment } from '#lib/moments.ts'
import { overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { chargeLines, evidenceLines, type ReceiptFill } from './receipt-lines.ts'

const APPLE = findInstrument('US-STOCK-AAPL')!
const BITCOIN = findInstrument('CRYPTO-COIN-BTC')!
const NOW = Date.parse('2026-11-23T15:00:01Z')

const EVIDENCE: Evidence = {
  ...{ model: 'strict@1', seed: 7, latency_ms: 287, role: 'maker' },
  event: {
    ...{ source: 'kis', epoch: 'e1', seq: 42, age_ms: 120, simulated: false },
    ...{ venue_time: '2026-11-23T14:59:59.880Z', received_at: '2026-11-23T15:00:00.000Z' },
    ...{ bid: '128', ask: '128.02', last: '128.01' },
  },
  displayed: '1500',
  queue: { initial: '300', ahead: '0.25' },
  fx: { mid: '1400', spread_rate: '0.001', at: '2026-11-23T15:00:00.000Z', source: 'fx-test' },
  charges: [
    {
      ...{ kind: 'commission', rule: 'us-commission', base: '1611187.2', rate: '0.1' },
      ...{ unit: 'percent_of_notional', cap: null, amount_krw: '1611.1872' },
    },
    {
      ...{ kind: 'taf', rule: 'taf-2026', base: '9', rate: '0.000195' },
      ...{ unit: 'per_share', cap: '9.79', amount_krw: '2.454543' },
    },
  ],
}
const FILL: ReceiptFill = {
  ...{ fill_no: 0, quantity: '9', price: '128', currency: 'USD', applied_exchange_rate: '1398.6' },
  ...{ notional_krw: '1611187.2', fee_krw: '1613.641743', settled_late: false },
  filled_at: '2026-11-23T15:00:00.000Z',
  evidence: EVIDENCE,
}

beforeAll(() => overwriteGetLocale(() => 'ko'))

const textsOf = (evidence: Evidence, fill = FILL, instrument = APPLE): string[] =>
  evidenceLines(fill, evidence, instrument, NOW).map(({ text }) => text)

describe('a receipt', () => {
  it('says which event filled it, and how', () => {
    const texts = textsOf(EVIDENCE)
    expect(texts[0]).toContain('차례를 기다려')
    expect(texts[1]).toMatch(/^kis · /)
    expect(texts[1]).not.toContain('모의')
    expect(texts.slice(2)).toEqual([
      '120밀리초',
      '매수 $128.00 · 매도 $128.02 · 체결 $128.01',
      '1,500',
      '0.25 (처음 300)',
      'strict@1 · 지연 287밀리초',
      '1,398.60 (기준 1,400.00, 스프레드 0.1%)',
    ])
  })

  it('tells the instant of the event by the clock of the venue too', () => {
    const hovers = evidenceLines(FILL, EVIDENCE, APPLE, NOW).map(({ hover }) => hover)
    expect(hovers[1]).toBe(venueMoment(EVIDENCE.event.received_at, APPLE.tickerId))
    expect(hovers.filter((hover) => hover !== undefined).length).toBeLessThanOrEqual(1)
  })

  it('says that a price was simulated, and that nothing queued', () => {
    const event = { ...EVIDENCE.event, simulated: true }
    const texts = textsOf({ ...EVIDENCE, event, role: 'taker', queue: null })
    expect(texts[1]).toContain('모의')
    expect(texts[5]).toBe('줄을 서지 않았어요')
  })

  it('says nothing of a rate where there is none', () => {
    const fill = { ...FILL, currency: 'KRW' as const, applied_exchange_rate: '1' }
    expect(textsOf(EVIDENCE, fill, BITCOIN)).toHaveLength(7)
  })

  it('names every charge, what it was taken of, and by which rule', () => {
    expect(chargeLines(EVIDENCE)).toEqual([
      { label: '수수료', text: '1,612원', note: '1,611,187원의 0.1% · us-commission' },
      {
        label: 'FINRA 거래활동 수수료(TAF)',
        text: '3원',
        note: '9주 × $0.000195 · taf-2026',
      },
    ])
    expect(chargeLines({ ...EVIDENCE, charges: [] }).map(({ text }) => text)).toEqual(['없음'])
  })
})
