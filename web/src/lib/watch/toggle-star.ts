// What a star does: puts an instrument on the active watch list, or takes it off all of them. Taking
// it off can be undone.

import type { Instrument } from '@motu/shared/instrument.ts'
import type { App } from '#lib/app.svelte.ts'
import * as format from '#lib/format.ts'
import * as m from '#lib/paraglide/messages.js'
import { WATCHED_TICKERS_MAX } from './watch-list-edits.ts'

type Parts = Pick<App, 'watchLists' | 'toasts'>

export function toggleStar({ watchLists, toasts }: Parts, instrument: Instrument): void {
  if (!watchLists.isWatched(instrument.tickerId)) {
    if (watchLists.add(instrument.tickerId)) return
    const text = m.dashboard_watch_full_text({ max: WATCHED_TICKERS_MAX })
    toasts.show({ tone: 'bad', title: m.dashboard_watch_full(), text })
    return
  }
  const removed = watchLists.removeEverywhere(instrument.tickerId)
  toasts.show({
    ...{ tone: 'plain', title: m.dashboard_watch_removed(), text: format.nameOf(instrument) },
    action: { label: m.dashboard_watch_undo(), run: () => watchLists.restore(removed) },
  })
}
