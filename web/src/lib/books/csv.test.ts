import { expect, it } from 'vitest'
import { type CsvColumn, csvOf } from './csv.ts'

type Row = { name: string | null; amount: string | null }
const COLUMNS: readonly CsvColumn<Row>[] = [
  { header: '종목', kind: 'text', of: ({ name }) => name },
  { header: '금액, 원', kind: 'number', of: ({ amount }) => amount },
]
/** The cells of one row, as they stand in the file. */
const line = (name: string | null, amount: string | null): string =>
  csvOf(COLUMNS, [{ name, amount }]).split('\r\n').slice(1).join('\r\n')

it('begins with a mark that Excel reads Korean by, and a head', () => {
  expect(csvOf(COLUMNS, [])).toBe('\uFEFF종목,"금액, 원"\r\n')
})

it.each([
  ['plain', '삼성전자', '-1234.5', '삼성전자,-1234.5'],
  ['empty cells', null, null, ','],
  ['a comma', 'a,b', '1', '"a,b",1'],
  ['quotes', 'say "hi"', '1', '"say ""hi""",1'],
  ['a line break', 'a\nb', '1', '"a\nb",1'],
  ['a blank at an end', ' a', '1', '" a",1'],
  ['a formula', '=1+1', '1', "'=1+1,1"],
  ['a formula with a comma', '=SUM(A1,A2)', '1', `"'=SUM(A1,A2)",1`],
  ['a plus', '+82', '1', "'+82,1"],
  ['a minus', '-cmd', '1', "'-cmd,1"],
  ['an at', '@sum', '1', "'@sum,1"],
  ['a tab', '\t=1', '1', "'\t=1,1"],
  ['a carriage return', '\r=1', '1', `"'\r=1",1`],
  ['a number in a column of text', '005930', '1', '005930,1'],
  ['a formula in a column of numbers', 'a', '=1', "a,'=1"],
  ['a minus alone in a column of numbers', 'a', '-', "a,'-"],
])('writes %s', (_, name, amount, expected) => {
  expect(line(name, amount)).toBe(`${expected}\r\n`)
})
