// The intervals of the chart, with their names.

import type { CandleInterval } from '@motu/shared/market-data.ts'
import * as m from '#lib/paraglide/messages.js'

/** In the language of the page: to be asked for anew when that changes. */
export function intervalOptions(): readonly { value: CandleInterval; label: string }[] {
  return [
    { value: '1m', label: m.interval_1m() },
    { value: '5m', label: m.interval_5m() },
    { value: '15m', label: m.interval_15m() },
    { value: '1h', label: m.interval_1h() },
    { value: '1d', label: m.interval_1d() },
  ]
}
