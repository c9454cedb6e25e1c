// What the viewer chose of the chart, kept in this browser: the interval and the indicators.

import type { CandleInterval } from '@motu/shared/market-data.ts'
import { INTERVAL_MS } from './candle-former.ts'
import { type Indicator, INDICATORS } from './indicator-set.ts'

const KEY = 'motu.chart'

type Kept = Pick<Storage, 'getItem' | 'setItem'>
type Choices = { interval: CandleInterval; indicators: Indicator[] }

const FIRST: Choices = { interval: '1m', indicators: ['ema'] }

export class ChartChoices {
  interval = $state<CandleInterval>(FIRST.interval)
  indicators = $state.raw<readonly Indicator[]>(FIRST.indicators)
  readonly #storage: Kept

  constructor(storage: Kept) {
    this.#storage = storage
    const { interval, indicators } = choicesIn(storage.getItem(KEY))
    this.interval = interval
    this.indicators = indicators
  }

  setInterval(interval: CandleInterval): void {
    this.interval = interval
    this.#keep()
  }

  toggle(indicator: Indicator): void {
    this.indicators = INDICATORS.filter((one) =>
      one === indicator ? !this.indicators.includes(one) : this.indicators.includes(one),
    )
    this.#keep()
  }

  #keep(): void {
    const choices: Choices = { interval: this.interval, indicators: [...this.indicators] }
    this.#storage.setItem(KEY, JSON.stringify(choices))
  }
}

/** What is kept may be of another version of the app, or of nobody: what is not understood is left. */
function choicesIn(text: string | null): Choices {
  const kept = parsed(text)
  const { interval, indicators } = kept
  return {
    interval: isInterval(interval) ? interval : FIRST.interval,
    indicators: Array.isArray(indicators)
      ? INDICATORS.filter((one) => indicators.includes(one))
      : FIRST.indicators,
  }
}

function parsed(text: string | null): Partial<Record<keyof Choices, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

const isInterval = (value: unknown): value is CandleInterval =>
  typeof value === 'string' && Object.hasOwn(INTERVAL_MS, value)
