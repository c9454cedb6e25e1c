// What to tell the user of orders that were cancelled with one press.

import * as m from '#lib/paraglide/messages.js'
import { failureText } from '#lib/problems.ts'
import type { Toast } from '#lib/ui/toasts.svelte.ts'
import type { Together } from './cancel-together.ts'
import { orderText } from './notices.ts'
import { statusText } from './statuses.ts'

/** So many of those that were not cancelled are named; of the others there is only their count. */
const NAMED_MAX = 3

/** One notice for all of them: how many were cancelled, and which ones were not, and why. */
export function cancelNotice(together: Together): Omit<Toast, 'id'> {
  const { cancelled, ended, refused, waiting } = together
  const missed = [
    ...ended.map((order) => `${orderText(order)} · ${statusText(order, false)}`),
    ...refused.map(({ order, failure }) => `${orderText(order)} · ${failureText(failure)}`),
  ]
  const others = missed.length - NAMED_MAX
  const text = [
    ...missed.slice(0, NAMED_MAX),
    ...(others > 0 ? [m.cancelled_others({ count: others })] : []),
    ...(waiting.length > 0 ? [m.cancelling_text({ count: waiting.length })] : []),
  ].join('\n')
  const count = cancelled.length
  if (missed.length > 0) {
    return { tone: 'bad', title: m.cancelled_partly({ count, missed: missed.length }), text }
  }
  if (waiting.length > 0 && count === 0) {
    return { tone: 'plain', title: m.cancelling_title({ count: waiting.length }), text }
  }
  return { tone: 'plain', title: m.cancelled_together({ count }), text }
}
