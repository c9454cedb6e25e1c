// The compiler knows the Korean messages; this holds the English ones against them.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const textOf = (locale: string): string =>
  readFileSync(new URL(`../../messages/${locale}.json`, import.meta.url), 'utf8')
const read = (locale: string): Record<string, string> => JSON.parse(textOf(locale))

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

it('says everything in both languages, with the same placeholders', () => {
  const [ko, en] = [read('ko'), read('en')]
  expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort())
  for (const [key, text] of Object.entries(ko)) {
    expect([key, placeholders(en[key]!)]).toEqual([key, placeholders(text)])
  }
})

it.each(['ko', 'en'])('says each thing once, in %s', (locale) => {
  // Of two texts under one name JSON keeps the second and is silent about the first.
  const names = [...textOf(locale).matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
