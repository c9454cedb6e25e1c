import { describe, expect, it } from 'vitest'
import { isPassing, retryDelayMs } from './faults.ts'

describe('an error', () => {
  it.each([
    ['40001', true],
    ['40P01', true],
    ['57014', true],
    ['57P01', true],
    ['53300', true],
    ['25006', true],
    ['08006', true],
    ['CONNECTION_CLOSED', true],
    ['CONNECT_TIMEOUT', true],
    ['ECONNREFUSED', true],
    ['ECONNRESET', true],
    // What its own data or code brought about does not pass by waiting.
    ['23505', false],
    ['23514', false],
    ['22003', false],
    ['42601', false],
    ['22P02', false],
    ['22021', false],
    ['', false],
  ])('of code %j passes by itself: %s', (code, expected) => {
    expect(isPassing(Object.assign(new Error('x'), { code }))).toBe(expected)
  })

  it.each([null, undefined, 'ECONNRESET', 40001, {}, new Error('ECONNRESET'), { code: 40001 }])(
    'without a code does not: %o',
    (error) => {
      expect(isPassing(error)).toBe(false)
    },
  )
})

describe('the delay before a try', () => {
  it.each([
    [0, 50],
    [1, 100],
    [5, 1_600],
    [6, 2_000],
    [1_000_000, 2_000],
  ])('number %i is %i ms', (attempt, expected) => {
    expect(retryDelayMs(attempt)).toBe(expected)
  })
})
