import type { CandleRow } from '@motu/shared/market-data.ts'
import { describe, expect, it } from 'vitest'
import { withQuote } from './candles.ts'

const OPENS_AT = Date.parse('2026-11-20T09:00:00.000Z')
const last: CandleRow = [OPENS_AT, '100', '105', '95', '101', '7']

describe('the live candle', () => {
  it.each([
    ['2026-11-20T08:59:59.999Z', '90', null],
    ['2026-11-20T09:00:00.000Z', '110', [OPENS_AT, '100', '110', '95', '110', '7']],
    ['2026-11-20T09:00:59.999Z', '90', [OPENS_AT, '100', '105', '90', '90', '7']],
    ['2026-11-20T09:01:00.000Z', '99', [OPENS_AT + 60_000, '101', '101', '99', '99', '0']],
  ])('takes a quote of %s at %s', (received_at, price, expected) => {
    expect(withQuote(last, { price, received_at }, '1m')).toEqual(expected)
  })
})
