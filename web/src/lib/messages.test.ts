// The compiler knows the Korean messages; this holds the English ones against them.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const MESSAGES = new URL('../../messages/', import.meta.url)

/** One file an area of the app; what they say is one name space. */
const textsOf = (locale: string): string[] =>
  readdirSync(new URL(`${locale}/`, MESSAGES)).map((file) =>
    readFileSync(new URL(`${locale}/${file}`, MESSAGES), 'utf8'),
  )
const read = (locale: string): Record<string, string> =>
  Object.assign({}, ...textsOf(locale).map((text) => JSON.parse(text)))

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()

it('reads every file of messages', () => {
  const { 'plugin.inlang.messageFormat': format } = JSON.parse(
    readFileSync(new URL('../project.inlang/settings.json', MESSAGES), 'utf8'),
  )
  const named = format.pathPattern.map((path: string) => path.split('/').at(-1))
  expect(readdirSync(new URL('ko/', MESSAGES)).sort()).toEqual(named.sort())
})

it('says everything in both languages, with the same placeholders', () => {
  const [ko, en] = [read('ko'), read('en')]
  expect(Object.keys(en).sort()).toEqual(Object.keys(ko).sort())
  for (const [key, text] of Object.entries(ko)) {
    expect([key, placeholders(en[key]!)]).toEqual([key, placeholders(text)])
  }
})

it.each(['ko', 'en'])('says each thing once, in %s', (locale) => {
  // Of two texts under one name JSON keeps the second and is silent about the first.
  const names = textsOf(locale).flatMap((text) =>
    [...text.matchAll(/^ {2}"(\w+)":/gm)].map(([, name]) => name),
  )
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
