// Pure: no I/O, no clock, no randomness.
// The id of a corporate action: whoever records it a second time, from whatever source, gets the same.

import { v5 } from 'uuid'
import type { ActionTerms } from './corporate-action.ts'
import type { TickerId } from './ticker.ts'

const NAMESPACE = '6f1d3c52-8d0e-4a6b-9c57-2f0b5e7a1d44'

/** One action of a kind per ticker and ex-date. */
export function corporateActionId(
  tickerId: TickerId,
  kind: ActionTerms['kind'],
  exDate: string,
): string {
  return v5(`${tickerId}|${kind}|${exDate}`, NAMESPACE)
}
