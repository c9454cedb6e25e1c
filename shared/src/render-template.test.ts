import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleValues, TEMPLATE_KEYS, type TemplateKey, TEMPLATES } from './message-template.ts'
import {
  cut,
  DISCORD,
  type Medium,
  PLAIN_TEXT,
  plainNumber,
  renderTemplate,
  type TemplateValues,
  unknownPlaceholders,
} from './render-template.ts'

const ZERO_WIDTH = '\u200b'
const render = (content: string, values: TemplateValues, medium: Medium = PLAIN_TEXT): string =>
  renderTemplate({ key: 'whale_trade', content }, values, medium)

describe('a number is printed', () => {
  // written · value · printed. `notional` is won, `quantity` any number, `nickname` text.
  it.each([
    ['{notional:,}', '0', '0'],
    ['{notional:,}', '999', '999'],
    ['{notional:,}', '1000', '1,000'],
    ['{notional:,}', '10000000', '10,000,000'],
    ['{notional:,}', '999999999999.99999999', '999,999,999,999'],
    ['{notional:,}', '12345.5', '12,345'],
    ['{notional:,}', '-12345', '-12,345'],
    ['{notional:,}', '-12345.1', '-12,346'],
    ['{notional:,}', '-0.5', '-1'],
    ['{notional:,}', '0.5', '0'],
    ['{notional:,}', '-0', '0'],
    ['{notional:,}', '-0.00', '0'],
    ['{notional:,}', '1E+7', '10,000,000'],
    ['{notional:,}', '1e7', '10,000,000'],
    ['{notional:,}', '1.5e3', '1,500'],
    ['{notional:,}', '1e-7', '0'],
    ['{notional}', '10000000', '10000000'],
    ['{notional}', '12345.5', '12345.5'],
    ['{notional}', '12345.50', '12345.5'],
    ['{notional}', '1E+7', '10000000'],
    ['+{notional:,}', '5000', '+5,000'],
    ['+{notional:,}', '-5000', '-5,000'],
    ['+{notional:,}', '0', '+0'],
    ['+{notional}', '-5000', '-5000'],
    ['(+{notional:,} KRW)', '-5000', '(-5,000 KRW)'],
    ['++{notional:,}', '-5', '-5'],
    ['{quantity:,}', '0.00000001', '0.00000001'],
    ['{quantity:,}', '1e-8', '0.00000001'],
    ['{quantity:,}', '1234.50', '1,234.5'],
    ['{quantity:,}', '1234.00', '1,234'],
    ['{quantity:,}', '100', '100'],
    ['{quantity:,}', '-1234567.891', '-1,234,567.891'],
    ['{quantity}', '0.10', '0.1'],
    ['{quantity}', '007', '7'],
    ['{quantity}', '1E+2', '100'],
    ['{quantity:,}', 'none', 'none'],
    ['{quantity:,}', 'NaN', 'NaN'],
    ['{quantity:,}', 'Infinity', 'Infinity'],
    ['{quantity:,}', '0x10', '0x10'],
    ['{quantity:,}', '1,000', '1,000'],
    ['{nickname}', '100000', '100000'],
    ['{nickname:,}', '100000', '100000'],
    ['{nickname}', '1E+7', '1E+7'],
  ])('%s of %s as %s', (content, value, printed) => {
    const values = { notional: value, quantity: value, nickname: value }
    expect(render(content, values)).toBe(printed)
  })
})

describe('a placeholder', () => {
  it.each([
    ['{nobody}'],
    ['{nickname:x}'],
    ['{nickname:,,}'],
    ['{nickname!r}'],
    ['{nickname.length}'],
    ['{nickname[0]}'],
    ['{ nickname }'],
    ['{constructor}'],
    ['{__proto__}'],
    ['{toString}'],
    ['{gainer_pnl:,}'],
    ['${7*7}'],
    ['{{7*7}}'],
    ['<%= 7*7 %>'],
    ['{}'],
    ['{'],
  ])('that is none stays: %s', (content) => {
    expect(render(content, { nickname: 'a', gainer_pnl: '5' })).toBe(content)
  })

  it('is not looked for in values', () => {
    expect(render('{nickname} {side}', { nickname: '{side}', side: '{nickname}' })).toBe(
      '{side} {nickname}',
    )
    expect(render('{{nickname}}', { nickname: 'side' })).toBe('{side}')
  })

  it('without a value stays, and one that is empty is empty', () => {
    expect(render('{nickname}{side}', { nickname: '' })).toBe('{side}')
  })

  it('brings no line of its own', () => {
    expect(render('[{nickname}]', { nickname: 'a\r\nb\u2028c\u202ed' })).toBe('[a b c d]')
  })
})

describe('Discord', () => {
  const shown = (nickname: string): string => render('{nickname}', { nickname }, DISCORD)

  it('shows a name as it is, not as markup', () => {
    expect(shown('**bold** _it_ `c` ~~s~~ ||p||')).toBe(
      String.raw`\*\*bold\*\* \_it\_ \`c\` \~\~s\~\~ \|\|p\|\|`,
    )
    expect(shown('[a](https://b.example)')).toBe(
      String.raw`\[a\]\(https:${ZERO_WIDTH}//b.example\)`,
    )
    expect(shown('# head')).toBe(String.raw`\# head`)
  })

  it('keeps the markup of the template', () => {
    expect(render('**{nickname}**', { nickname: 'a' }, DISCORD)).toBe('**a**')
  })

  it.each(['@everyone', '@HERE', '<@1234>', '<@&1234>', '<#1234>', '<@!1>', '</trade:1>'])(
    'pings nobody: %s',
    (ping) => {
      for (const message of [shown(ping), render(ping, {}, DISCORD)]) {
        expect(message).not.toContain(ping)
      }
    },
  )
})

it.each(TEMPLATE_KEYS)('the default of %s says all it can with its samples', (key) => {
  const { content } = TEMPLATES[key]
  const message = renderTemplate({ key, content }, sampleValues(key), PLAIN_TEXT)
  expect(message).not.toMatch(/[{}]/)
})

it('prints the default texts as the owner means them', () => {
  const say = (key: TemplateKey, values: TemplateValues = {}): string =>
    renderTemplate(
      { key, content: TEMPLATES[key].content },
      { ...sampleValues(key), ...values },
      PLAIN_TEXT,
    )
  expect(say('whale_trade')).toBe(
    '🐳 [고래] 모투왕님이 CRYPTO-COIN-BTC에 35,312,500 KRW 규모 매수 체결!',
  )
  expect(say('daily_report', { gainer_pnl: '-200' })).toBe(
    [
      '📊 일일 리포트',
      '🥇 오늘의 승리자: 모투왕 (-200 KRW)',
      '💩 오늘의 흑우: 존버 (-1,830,000 KRW)',
      '🌙 야수의 심장: 단타신 (42회 체결)',
    ].join('\n'),
  )
})

it('is cut at the limit, never through a character', () => {
  expect(cut('a'.repeat(10), 10)).toBe('a'.repeat(10))
  expect(cut('a'.repeat(11), 10)).toBe(`${'a'.repeat(9)}…`)
  expect(cut(`${'a'.repeat(8)}🐳b`, 10)).toBe(`${'a'.repeat(8)}…`)
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('@everyone', '@here', '<@1>', '<@&2>', '{nickname}', '${7*7}', '{{7*7}}', '1E+7'),
)
const anyText = fc.array(hostile, { maxLength: 80 }).map((parts) => parts.join(''))

it('is safe whatever the template and the values are', () => {
  const values = fc.record({ nickname: anyText, side: anyText, notional: anyText, price: anyText })
  fc.assert(
    fc.property(anyText, values, fc.constantFrom(DISCORD, PLAIN_TEXT), (content, held, medium) => {
      const message = render(content, held, medium)
      expect(message.length).toBeLessThanOrEqual(medium.lengthMax)
      const given = [content, ...Object.values(held)]
      if (given.every((one) => one.isWellFormed())) expect(message.isWellFormed()).toBe(true)
      if (medium === DISCORD) expect(message).not.toMatch(/@(?:everyone|here)|<@|<#/i)
      // One pass: what has no placeholder of its own is the template, word for word.
      if (!/\{(?:nickname|side|notional|price)(?::,)?\}/.test(content)) {
        expect(message).toBe(cut(medium.calm(content), medium.lengthMax))
      }
    }),
    { numRuns: 2_000 },
  )
})

it('prints every decimal without an exponent, and as the same number', () => {
  const parts = fc.tuple(
    fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
    fc.integer({ min: -12, max: 12 }),
  )
  fc.assert(
    fc.property(parts, ([mantissa, exponent]) => {
      const printed = plainNumber(`${mantissa}e${exponent}`)!
      expect(printed).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/)
      const [whole = '', fraction = ''] = printed.replace('-', '').split('.')
      const scaled = BigInt(whole + fraction.padEnd(12, '0'))
      const expected = (mantissa < 0n ? -mantissa : mantissa) * 10n ** BigInt(exponent + 12)
      expect(scaled).toBe(expected)
      expect(printed.startsWith('-')).toBe(mantissa < 0n)
    }),
  )
})

describe('what a template names that is no value', () => {
  it.each([
    ['{nickname} {notional:,} {side}', []],
    ['{equity} {nickname}', ['{equity}']],
    ['{Nickname} { nickname } {notional:.2f}', ['{Nickname}', '{ nickname }', '{notional:.2f}']],
    ['{x} {x} {__proto__}', ['{x}', '{__proto__}']],
    ['{{nickname}} {} { \n }', []],
  ])('is found in %s', (content, unknown) => {
    expect(unknownPlaceholders({ key: 'whale_trade', content })).toEqual(unknown)
  })
})
