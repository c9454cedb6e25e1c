// Pure: no I/O, no clock, no randomness.
// What somebody asks of the bot, whichever service he asks at, and how it is read from typed words.

import { parseDecimal } from '../decimal.ts'
import type { Side } from '../order.ts'

export type BotAsk =
  | { kind: 'help' }
  | { kind: 'price'; instrument: string }
  | { kind: 'rank' }
  | { kind: 'me' }
  | { kind: 'link'; code: string }
  | TradeAsk
  /** A press on a button, with the id it carries. */
  | { kind: 'press'; button: ButtonKind; id: string }

/** `limitPrice` is null for the price of the market. */
export type TradeAsk = {
  kind: 'trade'
  side: Side
  instrument: string
  quantity: string
  limitPrice: string | null
}

/** Places what was offered, drops it, or looks how an order stands. */
export const BUTTON_KINDS = ['confirm', 'dismiss', 'order'] as const
export type ButtonKind = (typeof BUTTON_KINDS)[number]

/** What a button carries: within Telegram's 64 bytes. */
export const pressText = (button: ButtonKind, id: string): string => `${button}:${id}`

/** What a pressed button asks for; null when it is none of ours. */
export function parsePress(text: string): BotAsk | null {
  const [kind, id = ''] = text.split(':')
  const button = BUTTON_KINDS.find((one) => one === kind)
  return button && /^[\w-]{1,40}$/.test(id) ? { kind: 'press', button, id } : null
}

/** A number as people type it: `70,000원`, `10주`. Null when it is none. */
export function parseTyped(text: string): string | null {
  const plain = text.replace(/,(?=\d{3})/g, '').replace(/(?:주|개|원|krw|달러|usd)$/i, '')
  const value = parseDecimal(plain)
  return value !== null && value > 0n ? plain : null
}

/** The words of a message that begins with a slash; null for any other. `/price@MotuBot BTC` is one. */
export function parseWords(text: string): BotAsk | null {
  const [first = '', ...words] = text.trim().split(/\s+/)
  const command = /^\/([a-z]+)(?:@\w+)?$/i.exec(first)?.[1]?.toLowerCase()
  if (command === undefined) return null
  const rest = words.join(' ')
  if (command === 'price') return { kind: 'price', instrument: rest }
  if (command === 'rank') return { kind: 'rank' }
  if (command === 'me') return { kind: 'me' }
  if (command === 'link' || (command === 'start' && rest !== ''))
    return { kind: 'link', code: rest }
  if (command === 'buy') return tradeOf('BUY', words)
  if (command === 'sell') return tradeOf('SELL', words)
  return { kind: 'help' }
}

/** `삼성전자 10` or `삼성전자 10 70000`: a name of any words, how many, and perhaps a price. */
function tradeOf(side: Side, words: readonly string[]): BotAsk {
  const [last, before] = [words.at(-1), words.at(-2)].map((word) =>
    word === undefined ? null : parseTyped(word),
  )
  if (!last || words.length < 2) return { kind: 'help' }
  const isPriced = before && words.length > 2
  return {
    ...{ kind: 'trade', side },
    instrument: words.slice(0, isPriced ? -2 : -1).join(' '),
    quantity: isPriced ? before : last,
    limitPrice: isPriced ? last : null,
  }
}
