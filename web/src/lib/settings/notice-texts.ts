// What a notice tells, in words. What it knows in particular is shown when it is text.

import { parseDecimal } from '@motu/shared/decimal.ts'
import type { Notice, NoticeKind } from '@motu/shared/contract/sessions.ts'
import { signedWon } from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { revocationText } from './revocations.ts'

type Text = { title: string; text: string }
type Detail = Notice['detail']

const TEXTS: Record<NoticeKind, (detail: Detail) => Text> = {
  refresh_reused: () => ({
    title: m.notice_refresh_reused(),
    text: m.notice_refresh_reused_text(),
  }),
  password_changed: () => ({
    title: m.notice_password_changed(),
    text: m.notice_password_changed_text(),
  }),
  password_set: () => ({
    title: m.notice_password_set(),
    text: m.notice_password_set_text(),
  }),
  passkey_added: (detail) => ({
    title: m.notice_passkey_added({ name: textOf(detail, 'passkey') }),
    text: m.notice_passkey_added_text(),
  }),
  account_linked: (detail) => ({
    title: m.notice_account_linked({ name: textOf(detail, 'label') }),
    text: m.notice_account_linked_text(),
  }),
  api_key_revoked: (detail) => ({
    title: m.notice_api_key_revoked({ name: textOf(detail, 'name') }),
    text: revocationText(textOf(detail, 'reason') || textOf(detail, 'rule')),
  }),
  passkey_cloned: () => ({
    title: m.notice_passkey_cloned(),
    text: m.notice_passkey_cloned_text(),
  }),
  account_adjusted: (detail) => {
    const amount = parseDecimal(textOf(detail, 'amount_krw'))
    return {
      title: m.notice_account_adjusted({ amount: amount === null ? '' : signedWon(amount) }),
      text: textOf(detail, 'reason'),
    }
  },
}

/** A kind this page does not know yet is shown by its name. */
export function noticeText({ kind, detail }: Notice): Text {
  return Object.hasOwn(TEXTS, kind) ? TEXTS[kind](detail) : { title: kind, text: '' }
}

function textOf(detail: Detail, name: string): string {
  const value = detail[name]
  return typeof value === 'string' ? value : ''
}
