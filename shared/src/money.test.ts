import { add, multiply } from 'dinero.js/bigint'
import { describe, expect, it } from 'vitest'
import { decimal } from './decimal.ts'
import { amountOf, type Money, money, sumKrw, toKrw } from './money.ts'

const won = (text: string): Money<'KRW'> => money(decimal(text), 'KRW')
const dollars = (text: string): Money<'USD'> => money(decimal(text), 'USD')

/** How dinero.js says that the currencies differ. */
const SAME = /same currency/

describe('money', () => {
  it.each(['0', '1', '-1.5', '0.00000001', '999999999999.99999999'])('keeps %s exact', (text) => {
    expect(amountOf(won(text))).toBe(decimal(text))
    expect(amountOf(dollars(text))).toBe(decimal(text))
  })

  it('of two currencies has no sum', () => {
    expect(() => add<bigint, string>(won('1') as never, dollars('1') as never)).toThrow(SAME)
    expect(() => sumKrw([won('1'), dollars('1') as never])).toThrow(SAME)
  })

  it('of one currency is added to the last digit', () => {
    expect(amountOf(sumKrw([]))).toBe(0n)
    expect(amountOf(sumKrw([won('0.1'), won('0.2'), won('-0.00000001')]))).toBe(
      decimal('0.29999999'),
    )
  })

  it('at another scale is refused instead of misread', () => {
    const finer = multiply(dollars('1'), { amount: 15n, scale: 1n })
    expect(() => amountOf(finer)).toThrow('scale 9')
  })

  it.each([
    ['1', '1400', 'down', '1400'],
    ['0.00000001', '1400.5', 'down', '0.000014'],
    ['0.00000001', '1400.5', 'up', '0.00001401'],
    ['0.00000001', '1400.5', 'half_even', '0.000014'],
    ['-0.00000001', '1400.5', 'down', '-0.00001401'],
  ] as const)('%s dollars at %s, rounded %s, are %s won', (amount, rate, rounding, expected) => {
    expect(amountOf(toKrw(dollars(amount), decimal(rate), rounding))).toBe(decimal(expected))
  })

  it('in won is itself at a rate of one', () => {
    expect(amountOf(toKrw(won('12.00000003'), decimal('1'), 'down'))).toBe(decimal('12.00000003'))
  })
})
