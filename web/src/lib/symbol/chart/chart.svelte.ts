// Attaches the chart to an element, loads its drawing after the page, and keeps it up to date.

import type { Attachment } from 'svelte/attachments'
import { untrack } from 'svelte'
import type { Candles } from './candles.svelte.ts'
import type { ChartView } from './chart-view.ts'
import type { IndicatorLine } from './indicator-set.ts'
import type { PriceLine } from './line-drawing.ts'
import type { MarkSource } from './place-marks.ts'

export type ChartSource = {
  candles: () => Candles
  indicators: () => readonly IndicatorLine[]
  marks: () => MarkSource
  lines: () => readonly PriceLine[]
  locale: () => string
  /** The candle under the crosshair; null when it left. */
  onhover: (index: number | null) => void
  /** The drawing is there; null when it is gone. */
  onview: (view: ChartView | null) => void
  /** It could not be fetched: offline, or a newer version of the app was deployed. */
  onfail: () => void
}

/** Draws the chart inside the element for as long as it lives. */
export function chart(source: ChartSource): Attachment<HTMLElement> {
  return (element) => {
    let view = $state.raw<ChartView | null>(null)
    let isGone = false
    const handlers = {
      onhover: source.onhover,
      onolder: () => void source.candles().loadOlder(),
    }
    void import('./chart-view.ts').then((drawing) => {
      if (isGone) return
      view = new drawing.ChartView(element, handlers)
      source.onview(view)
    }, source.onfail)
    const stopWatching = watchLook(() => view?.applyLook(untrack(source.locale)))
    $effect(() => view?.applyLook(source.locale()))
    $effect(() => view?.setRows(source.candles(), source.candles().rows))
    $effect(() => view?.setIndicators(source.indicators()))
    $effect(() => view?.marks.set(source.marks()))
    $effect(() => view?.lines.set(source.lines()))
    return () => {
      isGone = true
      stopWatching()
      untrack(() => view?.remove())
      source.onview(null)
    }
  }
}

/** Calls whenever the page may have other colours: theme, up-red or up-green, the system's wish. */
function watchLook(call: () => void): () => void {
  const observer = new MutationObserver(call)
  observer.observe(document.documentElement, { attributes: true })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', call)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', call)
  }
}
