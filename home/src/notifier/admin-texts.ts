// Pure: no I/O, no clock, no randomness.
// What is told besides the owner's templates: to admins, of Motu itself, in texts that nobody edits;
// and by admins, in their own words.

import type { Placeholder } from '@motu/shared/message-template.ts'

const text = (name: string): Placeholder => ({ name, kind: 'text', sample: '' })

/** To admins, by kind. */
export const ADMIN_TEXTS = {
  feed_outage: {
    content: '📡 [장애] {since}부터 {feed} 시세가 들어오지 않습니다.',
    placeholders: [text('feed'), text('since')],
  },
  feed_return: {
    content: '✅ [복구] {feed} 시세가 다시 들어옵니다. ({duration} 만에)',
    placeholders: [text('feed'), text('duration')],
  },
  place_gone: {
    content:
      '🔌 [관리] {place}(으)로 메시지를 보낼 수 없어 껐습니다: {error}. 관리 → 알림 기록에서 고칠 수 있습니다.',
    placeholders: [text('place'), text('error')],
  },
} as const satisfies Record<string, { content: string; placeholders: readonly Placeholder[] }>

export type AdminKind = keyof typeof ADMIN_TEXTS

/** Whether a kind is told to admins. */
export function isAdminKind(kind: string): kind is AdminKind {
  return Object.hasOwn(ADMIN_TEXTS, kind)
}
