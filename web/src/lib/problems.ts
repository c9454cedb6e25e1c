// What to tell the user when a request failed.

import * as m from '#lib/paraglide/messages.js'
import type { Failure } from './http.ts'
import { isProblemCode, PROBLEM_TEXTS } from './problem-texts.ts'

export function failureText(failure: Failure): string {
  if (failure.kind === 'network') return m.problem_network()
  const { code, waitSeconds } = failure
  // A second or two has passed by the time it is read.
  if (code === 'rate-limited' && waitSeconds !== undefined && waitSeconds > 2) {
    return m.problem_rate_limited_for({ seconds: waitSeconds })
  }
  return PROBLEM_TEXTS[code]()
}

/** The same for a bare code, as an address carries it; of an unknown one only that it failed. */
export function problemText(code: string): string {
  return isProblemCode(code) ? PROBLEM_TEXTS[code]() : m.problem_internal()
}
