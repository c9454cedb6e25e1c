// Pure: no I/O, no clock, no randomness.
// A report as a picture, in SVG: who won, who lost, who traded, and a bar for everyone's net worth.

import type { DailyReport } from '@motu/shared/contract/reports.ts'
import { type Decimal, decimal } from '@motu/shared/decimal.ts'
import { DAY_MS, dateBegins } from '@motu/shared/seoul-days.ts'
import { NO_TRADES, signedWon, won } from './words.ts'

const WIDTH = 1_200
const MARGIN = 56
const CARDS_TOP = 168
const CARD_HEIGHT = 148
const CARD_GAP = 20
const TABLE_TOP = CARDS_TOP + CARD_HEIGHT + 72
const ROW_HEIGHT = 54
const FOOT_HEIGHT = 96
/** Lines of the table that are drawn; the others are counted. */
const ROWS_MAX = 12
const BAR_LEFT = 390
const BAR_WIDTH_MAX = 330
const BAR_WIDTH_MIN = 3

/** As the app paints them in Korea: rises red, falls blue. */
const COLOURS = {
  ground: '#0f1420',
  panel: '#182032',
  line: '#2a3550',
  text: '#f2f5fb',
  faint: '#9aa7c2',
  up: '#ff5b66',
  down: '#4f93ff',
  flat: '#7d8aa6',
  mark: '#ffc857',
} as const
type Colour = keyof typeof COLOURS

const WEEKDAYS = ['일', '월', '화', '수', '목', '금', '토'] as const

type Style = {
  size: number
  colour?: Colour
  bold?: boolean
  anchor?: 'start' | 'middle' | 'end'
}

/** The picture of a report. Its text needs a font that knows Korean. */
export function pictureOf(report: DailyReport): string {
  const rows = report.net_worth.slice(0, ROWS_MAX)
  const height = TABLE_TOP + Math.max(rows.length, 1) * ROW_HEIGHT + FOOT_HEIGHT
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}"`,
    ` viewBox="0 0 ${WIDTH} ${height}" font-family="NanumGothic">`,
    box({ x: 0, y: 0, width: WIDTH, height }, 'ground'),
    ...head(report),
    ...cards(report),
    ...table(report, rows),
    ...foot(report, height),
    '</svg>',
  ].join('')
}

/** `2026년 11월 20일 (금)`. */
export function koreanDate(date: string): string {
  const at = new Date(`${date}T00:00:00Z`)
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()]
  return `${year}년 ${month}월 ${day}일 (${WEEKDAYS[at.getUTCDay()]!})`
}

function head({ date, simulated }: DailyReport): string[] {
  const badge = simulated ? '모의투자 · 재생 시세' : '모의투자'
  const width = simulated ? 250 : 128
  return [
    text([MARGIN, 92], '일일 리포트', { size: 50, bold: true }),
    text([MARGIN, 134], koreanDate(date), { size: 25, colour: 'faint' }),
    box({ x: WIDTH - MARGIN - width, y: 54, width, height: 46, round: 23 }, 'mark'),
    text([WIDTH - MARGIN - width / 2, 86], badge, {
      ...{ size: 23, bold: true, colour: 'ground', anchor: 'middle' },
    }),
    text([WIDTH - MARGIN, 134], '모투', { size: 25, colour: 'faint', anchor: 'end' }),
  ]
}

function cards({ gainer, loser, volume_king: king }: DailyReport): string[] {
  const result = (one: DailyReport['gainer']) =>
    one && { who: one.nickname, what: `${signedWon(one.pnl_krw)}원`, tone: toneOf(one.pnl_krw) }
  const all = [
    { title: '오늘의 승리자', said: result(gainer) },
    { title: '오늘의 흑우', said: result(loser) },
    {
      title: '야수의 심장',
      said: king && {
        who: king.nickname,
        what: `${king.trade_count}회 체결 · ${inShort(king.notional_krw)}원`,
        tone: 'mark' as const,
      },
    },
  ]
  const width = (WIDTH - 2 * MARGIN - 2 * CARD_GAP) / 3
  return all.flatMap(({ title, said }, index) => {
    const x = MARGIN + index * (width + CARD_GAP)
    const nothing = index === 2 ? NO_TRADES : '없음'
    return [
      box({ x, y: CARDS_TOP, width, height: CARD_HEIGHT, round: 16 }, 'panel'),
      box({ x, y: CARDS_TOP, width: 6, height: CARD_HEIGHT, round: 3 }, said?.tone ?? 'flat'),
      text([x + 28, CARDS_TOP + 40], title, { size: 21, colour: 'faint' }),
      text([x + 28, CARDS_TOP + 86], shortened(said?.who ?? nothing, 11), { size: 34, bold: true }),
      text([x + 28, CARDS_TOP + 124], said?.what ?? '', {
        ...{ size: 24, bold: true, colour: said?.tone ?? 'flat' },
      }),
    ]
  })
}

function table({ net_worth: all }: DailyReport, rows: DailyReport['net_worth']): string[] {
  const top = TABLE_TOP - 24
  const most = rows.reduce((max, one) => {
    const value = decimal(one.net_worth_krw)
    return value > max ? value : max
  }, 1n)
  const others = all.length - rows.length
  return [
    text([MARGIN, top], '순자산', { size: 25, bold: true }),
    text([MARGIN + 84, top], others > 0 ? `상위 ${rows.length}명` : '', {
      ...{ size: 20, colour: 'faint' },
    }),
    text([WIDTH - MARGIN, top], '하루 손익', {
      ...{ size: 20, colour: 'faint', anchor: 'end' },
    }),
    ...rows.flatMap((row, index) => line(row, TABLE_TOP + index * ROW_HEIGHT, most)),
  ]
}

function line(row: DailyReport['net_worth'][number], top: number, most: Decimal): string[] {
  const tone = toneOf(row.pnl_krw)
  const middle = top + 35
  return [
    box({ x: MARGIN, y: top, width: WIDTH - 2 * MARGIN, height: 1 }, 'line'),
    text([MARGIN + 8, middle], String(row.rank), { size: 24, bold: true, colour: 'faint' }),
    text([MARGIN + 60, middle], shortened(row.nickname, 11), { size: 24, bold: true }),
    box({ x: BAR_LEFT, y: top + 17, width: barWidth(row, most), height: 20, round: 5 }, tone),
    text([960, middle], `${won(row.net_worth_krw)}원`, { size: 24, anchor: 'end' }),
    text([WIDTH - MARGIN - 4, middle], signedWon(row.pnl_krw), {
      ...{ size: 22, colour: tone, anchor: 'end' },
    }),
  ]
}

/** In whole pixels, so that no fraction of a won is ever a float. */
function barWidth({ net_worth_krw }: { net_worth_krw: string }, most: Decimal): number {
  const value = decimal(net_worth_krw)
  if (value <= 0n) return 0
  const pixels = (value * BigInt(BAR_WIDTH_MAX)) / most
  return Math.max(BAR_WIDTH_MIN, Number.parseInt(String(pixels), 10))
}

function foot(report: DailyReport, height: number): string[] {
  const { trade_count: count, notional_krw, users } = report
  const traded = count === 0 ? NO_TRADES : `${count}건 체결 · ${inShort(notional_krw)}원 거래`
  return [
    box({ x: MARGIN, y: height - FOOT_HEIGHT + 8, width: WIDTH - 2 * MARGIN, height: 1 }, 'line'),
    text([MARGIN, height - 40], `${users}명 · 하루 동안 ${traded}${measuredLate(report)}`, {
      ...{ size: 21, colour: 'faint' },
    }),
    text([WIDTH - MARGIN, height - 40], '가상 원화로 하는 모의투자입니다', {
      ...{ size: 21, colour: 'faint', anchor: 'end' },
    }),
  ]
}

/** Where home was dark at midnight, the worth is of another time: it is said. */
function measuredLate({ date, worth_ended_at }: DailyReport): string {
  const atMs = Date.parse(worth_ended_at)
  const endedMs = dateBegins(date) + DAY_MS
  if (atMs === endedMs) return ''
  const there = new Date(atMs + (DAY_MS - (endedMs % DAY_MS))).toISOString()
  return ` · 순자산은 ${there.slice(5, 16).replace('-', '/').replace('T', ' ')} 기준`
}

function toneOf(pnl: string): 'up' | 'down' | 'flat' {
  if (decimal(pnl) === 0n) return 'flat'
  return pnl.startsWith('-') ? 'down' : 'up'
}

/** `1억 2,345만`, `9,999`: cut, as one says it. */
function inShort(krw: string): string {
  const whole = BigInt(won(krw).replaceAll(',', ''))
  const [hundredMillions, tenThousands] = [whole / 100_000_000n, (whole / 10_000n) % 10_000n]
  if (whole < 10_000n) return won(krw)
  const grouped = (value: bigint): string => value.toString().replace(/\B(?=(\d{3})+$)/g, ',')
  return [
    ...(hundredMillions > 0n ? [`${grouped(hundredMillions)}억`] : []),
    ...(tenThousands > 0n ? [`${grouped(tenThousands)}만`] : []),
  ].join(' ')
}

/** What the font does not draw: emoji are left out, letters of other scripts become boxes. */
const NOT_DRAWN = /(?![\p{Nd}#*©®])[\p{Extended_Pictographic}\p{Emoji_Component}\p{M}\p{C}]/gu
const OTHER_LETTERS = /(?![\p{Script=Hangul}\p{Script=Latin}])\p{L}/gu

/** A name that fits: a Korean letter is wider than a Latin one. */
function shortened(name: string, widthMax: number): string {
  const drawn = [...name.normalize('NFC').replace(NOT_DRAWN, '').replace(OTHER_LETTERS, '□').trim()]
  let width = 0
  const fitting = drawn.findIndex((letter) => {
    width += /[\p{Script=Hangul}□]/u.test(letter) ? 1 : 0.6
    return width > widthMax
  })
  if (drawn.length === 0) return '□'
  return fitting === -1 ? drawn.join('') : `${drawn.slice(0, fitting).join('')}…`
}

type Box = { x: number; y: number; width: number; height: number; round?: number }

function box({ x, y, width, height, round = 0 }: Box, colour: Colour): string {
  const where = `x="${x}" y="${y}" width="${width}" height="${height}"`
  return `<rect ${where} rx="${round}" fill="${COLOURS[colour]}"/>`
}

function text([x, y]: readonly [number, number], words: string, style: Style): string {
  const { size, colour = 'text', bold = false, anchor = 'start' } = style
  const weight = bold ? 700 : 400
  const look = `font-size="${size}" font-weight="${weight}" fill="${COLOURS[colour]}"`
  return `<text x="${x}" y="${y}" ${look} text-anchor="${anchor}">${escaped(words)}</text>`
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
