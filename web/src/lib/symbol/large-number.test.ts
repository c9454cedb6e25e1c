import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Locale, overwriteGetLocale } from '#lib/paraglide/runtime.js'
import { largeNumber } from './large-number.ts'

let locale: Locale = 'ko'
beforeEach(() => overwriteGetLocale(() => locale))
afterEach(() => {
  locale = 'ko'
})

describe('a large number', () => {
  it.each([
    ['0', '0'],
    ['9840.25', '9,840.3'],
    ['42230', '4.2만'],
    ['441762324', '4.4억'],
    ['125056000000', '1,250.6억'],
    ['20693582709750', '20.7조'],
    // More digits than a float can tell apart.
    ['12345678901234567890.5', '12,345,678.9조'],
  ])('of %s is %s in Korean', (text, expected) => {
    expect(largeNumber(text)).toBe(expected)
  })

  it('counts by thousands in English', () => {
    locale = 'en'
    expect(largeNumber('441762324')).toBe('441.8M')
  })
})
