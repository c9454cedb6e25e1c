// Pure: no I/O, no clock, no randomness.
// The messages that a group reads: their keys, their default texts, and what may stand in them.
// Admins change the texts; the keys and placeholders are the owner's.

/** What a placeholder holds: words as they are; won, printed whole with `:,`; any other number. */
export type PlaceholderKind = 'text' | 'krw' | 'number'

export type Placeholder = {
  readonly name: string
  readonly kind: PlaceholderKind
  /** Shown by the editor's preview. */
  readonly sample: string
}

type Template = { readonly content: string; readonly placeholders: readonly Placeholder[] }

const text = (name: string, sample: string): Placeholder => ({ name, kind: 'text', sample })
const krw = (name: string, sample: string): Placeholder => ({ name, kind: 'krw', sample })
const number = (name: string, sample: string): Placeholder => ({ name, kind: 'number', sample })

/** The default texts, by key. */
export const TEMPLATES = {
  whale_trade: {
    content: '🐳 [고래] {nickname}님이 {ticker}에 {notional:,} KRW 규모 {side} 체결!',
    placeholders: [
      text('nickname', '모투왕'),
      text('ticker', 'CRYPTO-COIN-BTC'),
      text('side', '매수'),
      number('price', '141250000'),
      number('quantity', '0.25'),
      krw('notional', '35312500'),
    ],
  },
  liquidation: {
    content:
      '📉 [속보] {nickname}님이 {ticker} 포지션 강제 청산! (순자산 {equity:,} / 부채 {liability:,})',
    placeholders: [
      text('nickname', '모투왕'),
      text('ticker', 'CRYPTO-COIN-BTC'),
      krw('equity', '1200000'),
      krw('liability', '54000000'),
    ],
  },
  ipo_listed: {
    content: '🆕 [IPO] {symbol} 상장! 배당률 {dividend_rate_pct}%',
    placeholders: [
      text('symbol', 'MOTUKING'),
      number('dividend_rate', '0.05'),
      number('dividend_rate_pct', '5'),
    ],
  },
  dividend_paid: {
    content: '💰 [배당] {payer_nickname}님이 총 {total_dividend:,} KRW 배당',
    placeholders: [text('payer_nickname', '모투왕'), krw('total_dividend', '3500000')],
  },
  bailout_processed: {
    content: '😭 [파산] {nickname}님 구제금융 처리',
    placeholders: [text('nickname', '모투왕')],
  },
  daily_report: {
    content: [
      '📊 일일 리포트',
      '🥇 오늘의 승리자: {gainer_nickname} (+{gainer_pnl:,} KRW)',
      '💩 오늘의 흑우: {loser_nickname} ({loser_pnl:,} KRW)',
      '🌙 야수의 심장: {volume_king_nickname} ({trade_count}회 체결)',
    ].join('\n'),
    placeholders: [
      text('gainer_nickname', '모투왕'),
      krw('gainer_pnl', '4210000'),
      text('loser_nickname', '존버'),
      krw('loser_pnl', '-1830000'),
      text('volume_king_nickname', '단타신'),
      number('trade_count', '42'),
    ],
  },
} as const satisfies Record<string, Template>

export type TemplateKey = keyof typeof TEMPLATES

export const TEMPLATE_KEYS = Object.keys(TEMPLATES) as readonly TemplateKey[]

/** Characters of a template's text at the most: what Discord takes in one message. */
export const TEMPLATE_LENGTH_MAX = 2_000

/** Whether somebody's text names a template. */
export function isTemplateKey(key: string): key is TemplateKey {
  return Object.hasOwn(TEMPLATES, key)
}

/** What may stand in a template. */
export function placeholdersOf(key: TemplateKey): readonly Placeholder[] {
  return TEMPLATES[key].placeholders
}

/** The samples of a template's placeholders, for a preview. */
export function sampleValues(key: TemplateKey): Record<string, string> {
  return Object.fromEntries(placeholdersOf(key).map(({ name, sample }) => [name, sample]))
}

/** The words for an order's side in messages. */
export const SIDE_WORDS = { BUY: '매수', SELL: '매도' } as const
