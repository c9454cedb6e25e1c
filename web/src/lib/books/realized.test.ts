import { formatDecimal } from '@motu/shared/decimal.ts'
import { expect, it } from 'vitest'
import { barsOf, lastDays, sumOf } from './realized.ts'

const day = (date: string, price: string, fx: string, fees: string) => ({
  ...{ date, price_pnl_krw: price, fx_pnl_krw: fx, fees_krw: fees, sells: 1 },
})
const DAYS = [day('2026-11-21', '100', '-30', '10'), day('2026-11-20', '-200', '0', '40')]

it('adds price and exchange rate, and takes the fees off for the net', () => {
  const sum = sumOf(DAYS)
  const texts = [sum.priceKrw, sum.fxKrw, sum.feesKrw, sum.grossKrw, sum.netKrw].map(formatDecimal)
  expect(texts).toEqual(['-100', '-30', '50', '-130', '-180'])
})

it('draws a bar a day, oldest first, beside the largest gain or loss', () => {
  expect(barsOf(DAYS).map(({ date, percent }) => [date, percent])).toEqual([
    ['2026-11-20', 100],
    ['2026-11-21', 25],
  ])
  expect(barsOf([day('2026-11-20', '0', '0', '0')])[0]!.percent).toBe(0)
})

it('counts days by the clock of Seoul', () => {
  expect(lastDays(Date.parse('2026-11-20T15:00:00Z'), 30)).toEqual({
    ...{ from: '2026-10-22', to: '2026-11-21' },
  })
})
