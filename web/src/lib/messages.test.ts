// The compiler knows the Korean messages; this holds the English ones against them.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (locale: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../messages/${locale}.json`, import.meta.url), 'utf8'))

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

it('says everything in both languages, with the same placeholders', () => {
  const [ko, en] = [read('ko'), read('en')]
  expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort())
  for (const [key, text] of Object.entries(ko)) {
    expect([key, placeholders(en[key]!)]).toEqual([key, placeholders(text)])
  }
})
