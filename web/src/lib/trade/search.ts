// Pure: no I/O, no clock, no randomness.
// Finding an instrument by what people type: a Korean or English name, a code, or the first
// consonants of a Korean name (초성): ㅅㅅㅈㅈ finds 삼성전자.

import type { Instrument } from '@motu/shared/instrument.ts'

const CHOSEONG = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'
const SYLLABLE_FIRST = 0xac00
const SYLLABLE_LAST = 0xd7a3
/** Syllables that share a first consonant: 21 vowels × 28 endings. */
const SYLLABLES_PER_CHOSEONG = 588

/** Each Hangul syllable as its first consonant; everything else as it is. */
export function choseongOf(text: string): string {
  return Array.from(text, (character) => {
    const code = character.charCodeAt(0)
    if (code < SYLLABLE_FIRST || code > SYLLABLE_LAST) return character
    return CHOSEONG[Math.floor((code - SYLLABLE_FIRST) / SYLLABLES_PER_CHOSEONG)]!
  }).join('')
}

/** Whether an instrument answers to what was typed. Case and blanks do not count. */
export function answersTo(instrument: Instrument, typed: string): boolean {
  const query = folded(typed)
  if (query === '') return true
  const nameKo = folded(instrument.nameKo)
  const plain = [nameKo, folded(instrument.nameEn), folded(instrument.tickerId)]
  if (plain.some((text) => text.includes(query))) return true
  return isChoseong(query) && choseongOf(nameKo).includes(query)
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s/g, '')
}

/** Consonants, perhaps beside letters and digits: ㅅㅋ, ㅎㄷㅊ, LGㅇ. A whole syllable is no choseong. */
function isChoseong(query: string): boolean {
  return /[ㄱ-ㅎ]/.test(query) && !/[가-힣]/.test(query)
}
