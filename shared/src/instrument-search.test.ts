import { describe, expect, it } from 'vitest'
import { type Instrument, INSTRUMENTS } from './instrument.ts'
import {
  answersTo,
  choseongOf,
  indexInstruments,
  searchInstruments,
  type SearchOptions,
} from './instrument-search.ts'

const SAMSUNG = INSTRUMENTS.find(({ tickerId }) => tickerId === 'KRX-STOCK-005930')!
const like = (tickerId: string, nameKo: string, nameEn: string, more?: Partial<Instrument>) => ({
  ...{ ...SAMSUNG, tickerId, nameKo, nameEn },
  ...more,
})
const MORE: readonly Instrument[] = [
  like('KRX-STOCK-005935', '삼성전자우', 'Samsung Electronics pref.'),
  like('KRX-STOCK-009150', '삼성전기', 'Samsung Electro-Mechanics'),
  like('KRX-STOCK-999990', '삼성', 'Samsung Gone', { status: 'DELISTED' }),
  like('KRX-STOCK-000001', '한국삼성전자판매', 'Korea Sales'),
  like('US-STOCK-A', '애질런트', 'Agilent', { venue: 'US', currency: 'USD' }),
  like('US-STOCK-BRK.B', '버크셔 해서웨이', 'Berkshire Hathaway B', { venue: 'US' }),
  like('KRX-STOCK-000210', '값진산업', 'Gapjin'),
]
const index = indexInstruments([...INSTRUMENTS, ...MORE])
const found = (typed: string, options: Partial<SearchOptions> = {}): string[] =>
  searchInstruments(index, typed, { limit: 50, ...options }).map(({ nameKo }) => nameKo)

describe('searching instruments', () => {
  it('reads the first consonants of a name', () => {
    expect(choseongOf('삼성전자')).toBe('ㅅㅅㅈㅈ')
    expect(choseongOf('SK하이닉스')).toBe('SKㅎㅇㄴㅅ')
    expect(choseongOf('가힣')).toBe('ㄱㅎ')
    // The neighbours of the syllables are none.
    expect(choseongOf('\uabff\ud7a4')).toBe('\uabff\ud7a4')
  })

  it.each([
    ['ㅅㅅㅈㅈ', ['삼성전자', '삼성전자우', '한국삼성전자판매']],
    ['삼성ㅈㅈ', ['삼성전자', '삼성전자우', '한국삼성전자판매']],
    ['삼ㅅ전', ['삼성전자', '삼성전기', '삼성전자우', '한국삼성전자판매']],
    ['심ㅅㅈㅈ', []],
    ['ㅅㅅㅈㄱ', ['삼성전기']],
    ['삼성 전자', ['삼성전자', '삼성전자우', '한국삼성전자판매']],
    ['삼성전자'.normalize('NFD'), ['삼성전자', '삼성전자우', '한국삼성전자판매']],
    ['005930', ['삼성전자']],
    ['00593', ['삼성전자', '삼성전자우']],
    ['krx-stock-005930', ['삼성전자']],
    ['a', ['애질런트']],
    ['NAVER', ['NAVER']],
    ['nvid', ['엔비디아']],
    ['btc', ['비트코인']],
    ['BRK.B', ['버크셔 해서웨이']],
    ['버크셔해서', ['버크셔 해서웨이']],
    ['berkshirehath', ['버크셔 해서웨이']],
    ['skㅎ', ['SK하이닉스']],
    ['LG ㅇ', ['LG에너지솔루션']],
    ['ㄳ', ['한국삼성전자판매']],
    ['ㅆ', []],
    ['없는이름', []],
    ['__proto__', []],
  ])('for %s finds %j first', (typed, names) => {
    const all = found(typed)
    expect(all.slice(0, names.length)).toEqual(names)
    if (names.length === 0) expect(all).toEqual([])
  })

  it('takes consonants that the keyboard joined for the two that were meant', () => {
    expect(found('ㄱㅅ')).toEqual(found('ㄳ'))
    expect(found('ㄱㅈㅅㅇ')).toEqual(['값진산업'])
    expect(found('ㅂㅅ')).toEqual(found('ㅄ'))
  })

  it('puts the delisted behind the listed of the same rank, whatever its name', () => {
    expect(found('삼성').slice(0, 1)).toEqual(['삼성'])
    expect(found('samsung').at(-1)).toBe('삼성')
  })

  it('keeps to a venue and to a limit, and shows the list as it is while nothing is typed', () => {
    expect(found('a', { venue: 'US' })[0]).toBe('애질런트')
    expect(found('005930', { venue: 'US' })).toEqual([])
    expect(found('', { limit: 3 })).toEqual(['비트코인', '이더리움', '엑스알피'])
    expect(found('  ')).toHaveLength(INSTRUMENTS.length + MORE.length)
  })

  it('tells of one instrument whether it answers', () => {
    expect(answersTo(SAMSUNG, 'ㅅㅅ')).toBe(true)
    expect(answersTo(SAMSUNG, 'ㅅㅇ')).toBe(false)
    expect(answersTo(SAMSUNG, '')).toBe(true)
  })

  it('answers within milliseconds among twenty thousand', () => {
    const syllable = (n: number): string => String.fromCharCode(0xac00 + (n % 11_172))
    const many = Array.from({ length: 20_000 }, (_, n) =>
      like(
        `KRX-STOCK-${String(n).padStart(6, '0')}`,
        `${syllable(n * 7)}${syllable(n * 31)}${syllable(n * 131)}전자${syllable(n)}`,
        `Company ${n} of Samples Incorporated`,
      ),
    )
    const large = indexInstruments(many)
    const queries = ['ㅈㅈ', '전자', 'company 19999', '0199', 'ㄱㄴㅈㅈ', '없는이름', 'inc', '자ㅎ']
    const ask = () => queries.forEach((typed) => searchInstruments(large, typed, { limit: 50 }))
    ask()
    const startedAt = Date.now()
    for (let round = 0; round < 10; round += 1) ask()
    const perQueryMs = (Date.now() - startedAt) / (10 * queries.length)
    // Measured: 1.9 ms. The bound leaves room for a busy machine.
    expect(perQueryMs).toBeLessThan(25)
  })
})
