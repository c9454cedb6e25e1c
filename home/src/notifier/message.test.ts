// The text of a delivery: within its service's length, whatever it is made of.

import { describe, expect, it } from 'vitest'
import { TEMPLATES, type TemplateKey } from '@motu/shared/message-template.ts'
import { DISCORD, PLAIN_TEXT } from '@motu/shared/render-template.ts'
import type { TemplateContents } from '../db/message-templates.ts'
import { messageOf } from './message.ts'
import type { Notification } from './notification.ts'

const contents = Object.fromEntries(
  Object.entries(TEMPLATES).map(([key, { content }]) => [key as TemplateKey, content]),
) as TemplateContents

const told = (count: number, nickname: string): Notification[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ eventId: `e${index}`, kind: 'bailout_processed', userId: null, tickerId: null },
    ...{ values: { nickname: `${nickname}${index}` }, simulated: false },
    occurredAtMs: Date.parse('2026-11-19T15:00:00Z') + index * 60_000,
  }))

describe.each([
  ['Discord', DISCORD, 2_000],
  ['Telegram', PLAIN_TEXT, 4_096],
] as const)('on %s', (_name, medium, lengthMax) => {
  it.each([
    ['one of the longest', 1, '_'.repeat(500)],
    ['fifty of the longest', 50, '🐳*_@everyone '.repeat(40)],
  ])('%s fits, and says that it may be a repeat', (_what, count, nickname) => {
    const text = messageOf(told(count, nickname), { contents, medium, mayRepeat: true })
    expect(text.length).toBeLessThanOrEqual(lengthMax)
    expect(text.endsWith('\n(다시 보낸 알림일 수 있습니다)')).toBe(true)
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toMatch(/@everyone/)
  })

  it('a summary of fifty has a line for each, with its time in Seoul', () => {
    const [head, ...lines] = messageOf(told(50, '가'), {
      ...{ contents, medium, mayRepeat: false },
    }).split('\n')
    expect(head).toBe('🕰️ 그동안 전하지 못한 알림 50건 (한국 시각)')
    expect(lines).toHaveLength(50)
    expect(lines[0]).toMatch(/^11-20 00:00 😭 \[파산\] 가0님/)
    expect(lines[49]).toMatch(/^11-20 00:49 😭 \[파산\] 가49님/)
  })
})

it('one line stays one line in a summary', () => {
  const report = { ...contents, bailout_processed: 'a\n\n {nickname}' }
  const text = messageOf(told(2, '가\n나'), {
    ...{ contents: report, medium: PLAIN_TEXT, mayRepeat: false },
  })
  expect(text.split('\n')).toHaveLength(3)
  expect(text).toContain('a · 가 나0')
})
