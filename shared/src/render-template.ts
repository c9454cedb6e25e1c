// Pure: no I/O, no clock, no randomness.
// A template and its values become a message. Nothing is evaluated and nothing is looked at twice:
// `{name}` and `{name:,}` are replaced in one pass; whatever else looks like a placeholder stays.

import { type Placeholder, placeholdersOf, type TemplateKey } from './message-template.ts'

/** Values by placeholder; numbers as decimal text. */
export type TemplateValues = Readonly<Record<string, string>>

/** What a service does to text, and how long a message of it may be. */
export type Medium = {
  /** Text that a user chose, so that it shows as it is: no markup, no link, no mention. */
  readonly escape: (text: string) => string
  /** A whole message, so that nothing in it pings anybody. */
  readonly calm: (text: string) => string
  /** In UTF-16 units. */
  readonly lengthMax: number
}

// A plus before a placeholder belongs to the number: `+-5` is written nowhere.
const PLACEHOLDER = /(\+*)\{([a-z][a-z0-9_]{0,39})(:,)?\}/g
const NUMBER = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/
const ZERO_WIDTH_SPACE = '\u200b'
const ELLIPSIS = '…'

/**
 * The message of a template, safe for a medium. A placeholder without a value, or of another
 * template, is printed as it stands.
 */
export function renderTemplate(
  { key, content }: { readonly key: TemplateKey; readonly content: string },
  values: TemplateValues,
  medium: Medium,
): string {
  return renderText({ content, placeholders: placeholdersOf(key) }, values, medium)
}

/** The same of a text that is no template of the owner's. */
export function renderText(
  {
    content,
    placeholders,
  }: { readonly content: string; readonly placeholders: readonly Placeholder[] },
  values: TemplateValues,
  medium: Medium,
): string {
  const kinds = new Map(placeholders.map(({ name, kind }) => [name, kind]))
  const message = content.replace(
    PLACEHOLDER,
    (written, plus: string, name: string, grouping?: string) => {
      const kind = kinds.get(name)
      if (kind === undefined || !Object.hasOwn(values, name)) return written
      const number = kind === 'text' ? null : plainNumber(values[name]!)
      if (number === null) return plus + medium.escape(onOneLine(values[name]!))
      const printed =
        grouping === undefined ? number : grouped(kind === 'krw' ? whole(number) : number)
      return printed.startsWith('-') ? printed : plus + printed
    },
  )
  return cut(medium.calm(message), medium.lengthMax)
}

/** What stands in braces in a template and has no value: it is printed as it stands. Each once. */
export function unknownPlaceholders({
  key,
  content,
}: {
  readonly key: TemplateKey
  readonly content: string
}): string[] {
  const known = new Set(placeholdersOf(key).flatMap(({ name }) => [`{${name}}`, `{${name}:,}`]))
  const written = content.match(/\{[^{}\n]{1,60}\}/g) ?? []
  return [...new Set(written)].filter((one) => !known.has(one))
}

/** Text without markup, where nothing but people's names could ping: the preview's, and Telegram's. */
export const PLAIN_TEXT: Medium = {
  escape: breakMentions,
  calm: (text) => text,
  lengthMax: 4_096,
}

/**
 * Discord's markdown. Besides this, every call says that it allows no mentions.
 * Source: Discord's API documentation, webhooks and message formatting (content ≤ 2,000).
 */
export const DISCORD: Medium = {
  escape: (text) =>
    breakMentions(text)
      .replace(/[\\`*_~|<>#[\]()-]/g, String.raw`\$&`)
      .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH_SPACE}`),
  calm: (text) =>
    text
      .replace(/@(?=everyone|here)/gi, `@${ZERO_WIDTH_SPACE}`)
      .replace(/<(?=@|#|\/|id:)/gi, `<${ZERO_WIDTH_SPACE}`),
  lengthMax: 2_000,
}

/**
 * A number as plain digits: no exponent, no needless zeros, no minus before zero. Null for what is
 * no number.
 */
export function plainNumber(text: string): string | null {
  const parts = NUMBER.exec(text.trim())
  if (!parts) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const shift = Number.parseInt(exponent, 10)
  const digits = whole + fraction
  const point = whole.length + shift
  const padded =
    point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(Math.max(point, digits.length), '0')
  const at = Math.max(point, 1)
  const before = padded.slice(0, at).replace(/^0+(?=\d)/, '')
  const after = padded.slice(at).replace(/0+$/, '')
  const plain = after === '' ? before : `${before}.${after}`
  return plain === '0' ? '0' : sign + plain
}

/** Whole won, rounded down as the app does: a loss is never shown smaller than it is. */
function whole(number: string): string {
  const [digits = '', fraction] = number.split('.')
  if (fraction === undefined || !digits.startsWith('-')) return digits
  return String(BigInt(digits) - 1n)
}

/** A plain number with commas between thousands. */
export function grouped(number: string): string {
  const [digits = '', fraction] = number.split('.')
  const withCommas = digits.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`
}

/** A value is one line of a message: it cannot add others, nor turn the writing around. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}

function breakMentions(text: string): string {
  return text.replace(/@/g, `@${ZERO_WIDTH_SPACE}`)
}

/** No longer than a service takes, and never half a character. */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const end = lengthMax - ELLIPSIS.length
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(end - 1))
  return text.slice(0, isHalf ? end - 1 : end) + ELLIPSIS
}
