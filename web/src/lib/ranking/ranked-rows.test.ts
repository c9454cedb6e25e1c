import type { Ranked } from '@motu/shared/contract/ranking.ts'
import { expect, it } from 'vitest'
import { modelText } from './fill-models.ts'
import { rankedRows } from './ranked-rows.ts'

const ranked = (nickname: string, is_self = false) => ({ nickname, is_self }) as Ranked

it('gives each row a key of its own, also to those of one name', () => {
  const rows = rankedRows([ranked('a'), ranked('a'), ranked('a', true), ranked('a 2')])
  expect(new Set(rows.map(({ key }) => key)).size).toBe(4)
  expect(rows[2]!.key).toBe('1 self')
})

it('keeps the key of a row that changes its place', () => {
  const keyOf = (list: Ranked[], name: string) =>
    rankedRows(list).find(({ ranked: one }) => one.nickname === name)!.key
  expect(keyOf([ranked('a'), ranked('b')], 'b')).toBe(keyOf([ranked('b'), ranked('a')], 'b'))
})

it.each([
  ['standard@1', '표준 v1'],
  ['strict/2', '엄격 v2'],
  ['lunar@3', 'lunar v3'],
  [null, '체결 없음'],
])('names the fill model %s', (model, text) => {
  expect(modelText(model)).toBe(text)
})
