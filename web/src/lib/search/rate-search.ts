// Pure: no I/O, no clock, no randomness.
// The exchange rate is quoted and not traded, so it is no instrument; it is searched for all the same.

const NAMES = [
  'usd/krw',
  'usdkrw',
  'krw',
  '원달러',
  '달러',
  '환율',
  'dollar',
  'exchange rate',
  'fx',
]
/** The same by their first consonants. */
const CONSONANTS = ['ㅇㄷㄹ', 'ㄷㄹ', 'ㅎㅇ']

/** Whether who types this may mean the won for one dollar: some name of it begins so. */
export function isRateMeant(typed: string): boolean {
  const wanted = typed.trim().toLowerCase()
  return wanted.length > 1 && [...NAMES, ...CONSONANTS].some((name) => name.startsWith(wanted))
}
