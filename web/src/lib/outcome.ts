// What became of something the user did: said in a toast, the same way everywhere.

import type { Answer } from './http.ts'
import { failureText } from './problems.ts'
import type { Toasts } from './ui/toasts.svelte.ts'

type Titles = { done?: string; failed: string }

/** Tells it; true when it worked. */
export function tell(toasts: Toasts, answer: Answer<unknown>, { done, failed }: Titles): boolean {
  if (!answer.ok) toasts.show({ tone: 'bad', title: failed, text: failureText(answer.failure) })
  else if (done) toasts.show({ tone: 'good', title: done, text: '' })
  return answer.ok
}
