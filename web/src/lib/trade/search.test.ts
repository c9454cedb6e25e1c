import { INSTRUMENTS } from '@motu/shared/instrument.ts'
import { describe, expect, it } from 'vitest'
import { answersTo, choseongOf } from './search.ts'

const found = (typed: string) =>
  INSTRUMENTS.filter((each) => answersTo(each, typed)).map(({ nameKo }) => nameKo)

describe('search', () => {
  it('reads the first consonants of a name', () => {
    expect(choseongOf('삼성전자')).toBe('ㅅㅅㅈㅈ')
    expect(choseongOf('SK하이닉스')).toBe('SKㅎㅇㄴㅅ')
    expect(choseongOf('가힣')).toBe('ㄱㅎ')
  })

  it.each([
    ['ㅅㅅㅈㅈ', ['삼성전자']],
    ['ㅅㅅ', ['삼성전자', '삼성바이오로직스']],
    ['삼성 전자', ['삼성전자']],
    ['삼ㅅ', []],
    ['nvid', ['엔비디아']],
    ['NAVER', ['NAVER']],
    ['005930', ['삼성전자']],
    ['btc', ['비트코인']],
    ['skㅎ', ['SK하이닉스']],
    ['없는이름', []],
  ])('finds for %s: %j', (typed, names) => {
    expect(found(typed)).toEqual(names)
  })

  it('shows everything while nothing is typed', () => {
    expect(found('  ')).toHaveLength(INSTRUMENTS.length)
  })
})
