// What the app says, in both languages: a journey names a sentence by its key, and looks for it as
// its viewer would read it. Whatever the app forgets to say in one of them is not found.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const MESSAGES = join(import.meta.dirname, '../web/messages')
const PARTS = ['app', 'books', 'dashboard', 'shell', 'symbol', 'ticket'] as const

export type Locale = 'ko' | 'en'
/** The name of a sentence. */
export type WordKey =
  | keyof typeof import('../web/messages/ko/admin.json')
  | keyof typeof import('../web/messages/ko/app.json')
  | keyof typeof import('../web/messages/ko/books.json')
  | keyof typeof import('../web/messages/ko/dashboard.json')
  | keyof typeof import('../web/messages/ko/shell.json')
  | keyof typeof import('../web/messages/ko/symbol.json')
  | keyof typeof import('../web/messages/ko/ticket.json')
type Values = Readonly<Record<string, string | number>>

/** The app's sentences in one language. */
export type Words = {
  /** A sentence with its values; every value has to be given. */
  say: (key: WordKey, values?: Values) => string
  /** A sentence whose other values may be anything: `체결 .* 매수 0\.01, .*`. */
  like: (key: WordKey, values?: Values) => RegExp
}

/** The sentences as the app has them now. */
export function wordsIn(locale: Locale): Words {
  const texts = Object.assign({}, ...PARTS.map((part) => read(locale, part))) as Values
  const textOf = (key: WordKey): string => {
    const text = texts[key]
    if (typeof text !== 'string') throw new Error(`no ${key} in ${locale}`)
    return text
  }
  return {
    say: (key, values = {}) =>
      textOf(key).replace(/\{(\w+)\}/g, (_, name: string) => {
        if (values[name] === undefined) throw new Error(`${key} needs ${name}`)
        return String(values[name])
      }),
    like: (key, values = {}) => {
      const parts = textOf(key).split(/\{(\w+)\}/)
      const pattern = parts.map((part, index) => {
        if (index % 2 === 0) return escaped(part)
        return values[part] === undefined ? '.*' : escaped(String(values[part]))
      })
      return new RegExp(pattern.join(''))
    },
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const read = (locale: Locale, part: string): object =>
  JSON.parse(readFileSync(join(MESSAGES, locale, `${part}.json`), 'utf8')) as object
