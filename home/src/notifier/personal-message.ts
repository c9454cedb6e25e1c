// Pure: no I/O, no clock, no randomness.
// The message that tells a user of himself: as a chat shows it, and as a device does.

import { cut, type Medium, onOneLine } from '@motu/shared/render-template.ts'
import type { PersonalNotification } from './notification.ts'
import { type Locale, wordsOf } from './personal-words.ts'

export type PersonalReader = {
  readonly locale: Locale
  /** Of the times in his messages. */
  readonly timeZone: string
  /** It may have arrived before. */
  readonly mayRepeat: boolean
}

/** What the service worker shows. One of the same `tag` takes the place of an earlier one. */
export type PushPayload = {
  readonly title: string
  readonly body: string
  readonly path: string
  readonly tag: string
}

const REPEATED = { ko: '(다시 보낸 알림일 수 있습니다)', en: '(This may have been sent before)' }
/** A device shows a few lines. */
const LINES_MAX = 5
/** Four bytes a character at the most: with the title it stays below what a push may hold. */
const BODY_LENGTH_MAX = 700

/** For a chat: one notification as it is, several as a list with the instants they happened at. */
export function personalText(
  told: readonly PersonalNotification[],
  { medium, ...reader }: PersonalReader & { readonly medium: Medium },
): string {
  const { locale } = reader
  const tail = reader.mayRepeat ? `\n${REPEATED[locale]}` : ''
  const lengthMax = medium.lengthMax - tail.length
  const [first] = told
  if (first && told.length === 1) {
    const { title, body } = wordsOf(first, locale)
    const lines = [title, ...body.split('\n')].map((line) => medium.escape(onOneLine(line)))
    return cut(medium.calm(lines.join('\n')), lengthMax) + tail
  }
  const head = summaryTitle(told.length, locale)
  const room = Math.floor((lengthMax - head.length) / told.length) - 1
  const lines = told.map((one) => cut(medium.calm(medium.escape(lineOf(one, reader))), room))
  return [head, ...lines].join('\n') + tail
}

/** For a device: what does not fit its few lines is in the app. */
export function personalPush(
  told: readonly PersonalNotification[],
  reader: PersonalReader,
): PushPayload {
  const { locale } = reader
  const [first] = told
  // A repeat takes the place of what it repeats: nothing has to say so.
  const tag = first?.eventId ?? ''
  if (first && told.length === 1) {
    const { title, body, path } = wordsOf(first, locale)
    const lines = body.split('\n').map((line) => onOneLine(line.toWellFormed()))
    return { title, body: cut(lines.join('\n'), BODY_LENGTH_MAX), path, tag }
  }
  const lines = told.slice(0, LINES_MAX).map((one) => lineOf(one, reader))
  const rest = told.length - lines.length
  const more = { ko: `외 ${rest}건`, en: `and ${rest} more` }[locale]
  const body = [...lines, ...(rest > 0 ? [more] : [])].join('\n')
  const title = summaryTitle(told.length, locale)
  return {
    title,
    body: cut(body.toWellFormed(), BODY_LENGTH_MAX),
    path: '/orders',
    tag: `${tag}+${told.length}`,
  }
}

function summaryTitle(count: number, locale: Locale): string {
  return { ko: `🕰️ 그동안의 알림 ${count}건`, en: `🕰️ ${count} messages meanwhile` }[locale]
}

function lineOf(one: PersonalNotification, { locale, timeZone }: PersonalReader): string {
  const { title, body } = wordsOf(one, locale)
  return onOneLine(`${clock(one.occurredAtMs, timeZone)} ${title} · ${body.replace('\n', ' · ')}`)
}

/** `11-20 09:05` on his wall. */
function clock(ms: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
  }).formatToParts(ms)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`
}
