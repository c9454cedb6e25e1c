// What a user is told of himself, in both languages; and that it fits and pings nobody, whatever it says.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REASONS } from '@motu/shared/order.ts'
import { DISCORD, PLAIN_TEXT } from '@motu/shared/render-template.ts'
import type { PersonalNotification } from './notification.ts'
import { personalPush, personalText } from './personal-message.ts'
import { PUSH_PAYLOAD_BYTES_MAX } from './push-encryption.ts'
import { REASON_WORDS } from './reason-words.ts'

const AT = Date.parse('2026-11-20T00:05:00Z')
const SAMSUNG = 'KRX-STOCK-005930'

function told(
  kind: PersonalNotification['kind'],
  values: Record<string, string>,
  tickerId: string | null = SAMSUNG,
): PersonalNotification {
  return {
    ...{ eventId: 'e', kind, userId: 'u', tickerId, values },
    ...{ simulated: false, occurredAtMs: AT },
  }
}

const FILLED = told('order_filled', {
  ...{ side: 'BUY', status: 'FILLED', quantity: '10', filled: '10.00000000' },
  ...{ price: '71233.33333333', currency: 'KRW' },
})
const PARTLY = told('order_filled', {
  ...{ side: 'SELL', status: 'EXPIRED', reason: 'expired', quantity: '1500', filled: '3' },
  ...{ price: '71200', currency: 'KRW' },
})
const COIN = told(
  'order_filled',
  {
    ...{ side: 'SELL', status: 'FILLED', quantity: '0.5', filled: '0.5' },
    ...{ price: '0.00001234', currency: 'KRW' },
  },
  'CRYPTO-COIN-BTC',
)
const FAILED = told('order_failed', {
  ...{ side: 'BUY', status: 'FAILED', reason: 'insufficient_funds', quantity: '10', filled: '0' },
})
const ALERT = told(
  'price_alert',
  { condition: 'BELOW', line: '182.5', price: '182.25', currency: 'USD', note: '_사자_ @here' },
  'US-STOCK-AAPL',
)
const reader = (locale: 'ko' | 'en', mayRepeat = false) => ({
  ...{ locale, timeZone: 'Asia/Seoul', mayRepeat },
})
const plain = (one: PersonalNotification, locale: 'ko' | 'en') =>
  personalText([one], { ...reader(locale), medium: PLAIN_TEXT })

it.each([
  [FILLED, '매수 체결\n삼성전자 10주 · 71,233.3333원'],
  [PARTLY, '매도 일부 체결\n삼성전자 3주 / 1,500주 · 71,200원\n주문 유효 기간이 끝났어요.'],
  [COIN, '매도 체결\n비트코인 0.5 BTC · 0.00001234원'],
  [FAILED, '매수 주문이 체결되지 않았어요\n삼성전자 10주\n주문 가능 금액이 모자라요.'],
  [told('order_failed', { side: 'SELL' }), '매도 주문이 체결되지 않았어요\n삼성전자'],
])('says it in Korean', (one, expected) => {
  expect(plain(one, 'ko')).toBe(expected)
})

it('says it in English', () => {
  expect(plain(FILLED, 'en')).toBe('Buy filled\nSamsung Electronics 10 shares · 71,233.3333 KRW')
  expect(plain(FAILED, 'en')).toContain('Not enough buying power.')
})

it('calms what the user wrote himself', () => {
  const text = personalText([ALERT], { ...reader('ko'), medium: DISCORD })
  expect(text).toContain(String.raw`\_사자\_`)
  expect(text).not.toContain('@here')
})

it('says each reason as the app does', () => {
  for (const locale of ['ko', 'en'] as const) {
    const file = new URL(`../../../web/messages/${locale}/app.json`, import.meta.url)
    const messages = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
    for (const reason of REASONS) {
      expect(REASON_WORDS[reason][locale]).toBe(messages[`reason_${reason}`])
    }
  }
})

describe('several', () => {
  it('are a list with their times, in the zone of who reads it', () => {
    const text = personalText([FILLED, FAILED], {
      ...{ ...reader('ko', true), timeZone: 'America/New_York', medium: PLAIN_TEXT },
    })
    expect(text.split('\n')).toEqual([
      '🕰️ 그동안의 알림 2건',
      '11-19 19:05 매수 체결 · 삼성전자 10주 · 71,233.3333원',
      '11-19 19:05 매수 주문이 체결되지 않았어요 · 삼성전자 10주 · 주문 가능 금액이 모자라요.',
      '(다시 보낸 알림일 수 있습니다)',
    ])
  })

  it('are five on a device, and how many more', () => {
    const { title, body } = personalPush(Array(7).fill(FILLED), reader('ko'))
    expect(title).toBe('🕰️ 그동안의 알림 7건')
    expect(body.split('\n')).toHaveLength(6)
    expect(body).toMatch(/외 2건$/)
  })
})

it('fits every service, whatever it says', () => {
  const text = fc.string({ unit: 'binary', maxLength: 400 })
  const locale = fc.constantFrom('ko' as const, 'en' as const)
  fc.assert(
    fc.property(text, text, locale, fc.integer({ min: 1, max: 50 }), (note, name, one, count) => {
      const alert = told('price_alert', { ...ALERT.values, note }, name)
      const many = Array<PersonalNotification>(count).fill(alert)
      for (const medium of [DISCORD, PLAIN_TEXT]) {
        const sent = personalText(many, { ...reader(one, true), medium })
        expect(sent.length).toBeLessThanOrEqual(medium.lengthMax)
        expect(sent).not.toMatch(/@(everyone|here)/)
      }
      const push = JSON.stringify(personalPush(many, reader(one)))
      expect(Buffer.byteLength(push)).toBeLessThanOrEqual(PUSH_PAYLOAD_BYTES_MAX)
    }),
    { numRuns: 30 },
  )
})
