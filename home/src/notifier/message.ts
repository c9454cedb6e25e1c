// Pure: no I/O, no clock, no randomness.
// The text of a delivery.

import { type Medium, cut, renderTemplate, renderText } from '@motu/shared/render-template.ts'
import type { TemplateContents } from '../db/message-templates.ts'
import { ADMIN_TEXTS, isAdminKind } from './admin-texts.ts'
import { dayAndTime } from '@motu/shared/message-time.ts'
import type { Notification } from './notification.ts'

/** Said of a message that may have arrived before. */
const REPEATED = '\n(다시 보낸 알림일 수 있습니다)'
/** The report of a day on which nobody did anything: no winner, no loser. */
const EMPTY_REPORT = '📊 일일 리포트\n거래 없음'

/** One notification's message, or of several a list with the instants they happened at. */
export function messageOf(
  told: readonly Notification[],
  {
    contents,
    medium,
    mayRepeat,
  }: { contents: TemplateContents; medium: Medium; mayRepeat: boolean },
): string {
  const tail = mayRepeat ? REPEATED : ''
  const room = { ...medium, lengthMax: medium.lengthMax - tail.length }
  const single = (one: Notification, within: Medium): string => wordsOf(one, contents, within)
  if (told.length === 1) return single(told[0]!, room) + tail
  const head = `🕰️ 그동안 전하지 못한 알림 ${told.length}건 (한국 시각)`
  const lengthMax = Math.floor((room.lengthMax - head.length) / told.length) - 1
  const lines = told.map((one) => {
    const line = `${dayAndTime(one.occurredAtMs)} ${single(one, room).replace(/\s*\n\s*/g, ' · ')}`
    return cut(line, lengthMax)
  })
  return [head, ...lines].join('\n') + tail
}

function wordsOf(
  { kind, values }: Notification,
  contents: TemplateContents,
  within: Medium,
): string {
  if (isAdminKind(kind)) return renderText(ADMIN_TEXTS[kind], values, within)
  if (kind === 'daily_report' && values.empty === 'true') return EMPTY_REPORT
  return renderTemplate({ key: kind, content: contents[kind] }, values, within)
}
