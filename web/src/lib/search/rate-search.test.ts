import { expect, it } from 'vitest'
import { isRateMeant } from './rate-search.ts'

it.each(['usd', 'USD/KRW', ' 환율 ', '달러', 'ㅎㅇ', 'exchange'])('%s means the rate', (typed) => {
  expect(isRateMeant(typed)).toBe(true)
})

it.each(['', 'u', '삼성', 'ㅅㅅ', 'btc', '환율우대'])('%s does not', (typed) => {
  expect(isRateMeant(typed)).toBe(false)
})
