// Pure: no I/O, no clock, no randomness.
// Finding an instrument by what people type: a symbol, a Korean or English name, or the first
// consonants of a Korean name (초성), mixed with whole syllables: 삼성ㅈㅈ finds 삼성전자.

import type { Instrument, Venue } from './instrument.ts'
import { parseTickerId } from './ticker.ts'

/** Longer text finds nothing that this much of it would not. */
export const SEARCH_LENGTH_MAX = 64

const CHOSEONG = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const SYLLABLE_FIRST = 0xac00
const SYLLABLE_LAST = 0xd7a3
/** Syllables that share a first consonant: 21 vowels × 28 endings. */
const SYLLABLES_PER_CHOSEONG = 588

/** Two consonants that a keyboard joins, though two were meant. */
const PAIRS: Readonly<Record<string, string>> = {
  ...{
    ㄳ: 'ㄱㅅ',
    ㄵ: 'ㄴㅈ',
    ㄶ: 'ㄴㅎ',
    ㄺ: 'ㄹㄱ',
    ㄻ: 'ㄹㅁ',
    ㄼ: 'ㄹㅂ',
    ㄽ: 'ㄹㅅ',
    ㄾ: 'ㄹㅌ',
  },
  ...{ ㄿ: 'ㄹㅍ', ㅀ: 'ㄹㅎ', ㅄ: 'ㅂㅅ' },
}

/** Each Hangul syllable as its first consonant; everything else as it is. */
export function choseongOf(text: string): string {
  let first = ''
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    first += isSyllable(code)
      ? CHOSEONG[Math.floor((code - SYLLABLE_FIRST) / SYLLABLES_PER_CHOSEONG)]!
      : text[index]!
  }
  return first
}

/** An instrument, with what it answers to in the form queries are compared in. */
type Entry = {
  readonly instrument: Instrument
  readonly symbol: string
  readonly nameKo: string
  readonly choseong: string
  readonly nameEn: string
  readonly tickerId: string
}

/** Made once per list, then asked often. */
export type SearchIndex = { readonly entries: readonly Entry[] }

/** Prepares a list for searching; equals keep its order. */
export function indexInstruments(list: readonly Instrument[]): SearchIndex {
  return {
    entries: list.map((instrument) => {
      const nameKo = folded(instrument.nameKo)
      return {
        instrument,
        symbol: folded(parseTickerId(instrument.tickerId)?.symbol ?? instrument.tickerId),
        nameKo,
        choseong: choseongOf(nameKo),
        nameEn: folded(instrument.nameEn),
        tickerId: folded(instrument.tickerId),
      }
    }),
  }
}

/** How well an entry answers, the best first; `null` does not answer. */
const RANKS = [
  'symbol',
  'name',
  'symbol_prefix',
  'name_prefix',
  'choseong_prefix',
  'part',
  'choseong_part',
] as const
type Rank = (typeof RANKS)[number]

export type SearchOptions = { readonly venue?: Venue | undefined; readonly limit: number }

/**
 * The instruments that answer to what was typed, the best answers first: the symbol itself, the name
 * itself, the beginning of either, of the first consonants, then any part. Listed ones come before
 * delisted ones of the same rank, shorter names before longer ones. Case and blanks do not count.
 * Nothing typed: the list as it is.
 */
export function searchInstruments(
  index: SearchIndex,
  typed: string,
  { venue, limit }: SearchOptions,
): Instrument[] {
  const query = queryOf(typed)
  const found = new Map<Rank, Entry[]>()
  for (const entry of index.entries) {
    if (venue !== undefined && entry.instrument.venue !== venue) continue
    const rank = query.text === '' ? 'part' : rankOf(entry, query)
    if (rank === null) continue
    const others = found.get(rank)
    if (others) others.push(entry)
    else found.set(rank, [entry])
  }
  const sorted = RANKS.flatMap((rank) => {
    const entries = found.get(rank) ?? []
    return query.text === '' ? entries : entries.sort(byEase)
  })
  return sorted.slice(0, limit).map(({ instrument }) => instrument)
}

/** Whether one instrument answers to what was typed. */
export function answersTo(instrument: Instrument, typed: string): boolean {
  return searchInstruments(indexInstruments([instrument]), typed, { limit: 1 }).length > 0
}

/** Listed before delisted, then the shorter name: what was typed is more of it. */
function byEase(a: Entry, b: Entry): number {
  if (isGone(a) !== isGone(b)) return isGone(a) ? 1 : -1
  return a.nameKo.length - b.nameKo.length
}

const isGone = ({ instrument }: Entry): boolean => instrument.status === 'DELISTED'

/** `choseong`: what was typed as first consonants; null where no consonant stands alone. */
type Query = { readonly text: string; readonly choseong: string | null }

function queryOf(typed: string): Query {
  const text = folded(typed.slice(0, SEARCH_LENGTH_MAX)).replace(
    /[ㄳ-ㅄ]/g,
    (pair) => PAIRS[pair] ?? pair,
  )
  return { text, choseong: /[ㄱ-ㅎ]/.test(text) ? choseongOf(text) : null }
}

function rankOf(entry: Entry, { text, choseong }: Query): Rank | null {
  if (choseong !== null) return rankOfChoseong(entry, text, choseong)
  const { symbol, nameKo, nameEn, tickerId } = entry
  if (symbol === text || tickerId === text) return 'symbol'
  if (nameKo === text || nameEn === text) return 'name'
  if (symbol.startsWith(text)) return 'symbol_prefix'
  if (nameKo.startsWith(text) || nameEn.startsWith(text)) return 'name_prefix'
  if (nameKo.includes(text) || nameEn.includes(text) || tickerId.includes(text)) return 'part'
  return null
}

/** Every place where the consonants fit; there, what was typed as a whole syllable must stand too. */
function rankOfChoseong(entry: Entry, text: string, choseong: string): Rank | null {
  let at = entry.choseong.indexOf(choseong)
  while (at >= 0) {
    if (fitsAt(entry.nameKo, text, at)) return at === 0 ? 'choseong_prefix' : 'choseong_part'
    at = entry.choseong.indexOf(choseong, at + 1)
  }
  return null
}

function fitsAt(nameKo: string, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const typed = text[index]!
    const isConsonant = typed >= 'ㄱ' && typed <= 'ㅎ'
    if (!isConsonant && nameKo[at + index] !== typed) return false
  }
  return true
}

function isSyllable(code: number): boolean {
  return code >= SYLLABLE_FIRST && code <= SYLLABLE_LAST
}

/** Composed, in lower case, without blanks: what is compared. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s/g, '')
}
