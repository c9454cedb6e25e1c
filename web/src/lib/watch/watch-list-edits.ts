// Pure: no I/O, no clock, no randomness.
// What can be done to watch lists, each as a new list; null: it changes nothing, or may not be.

import type { WatchList } from '@motu/shared/contract/watch-lists.ts'
import type { TickerId } from '@motu/shared/ticker.ts'

/** The values of the contract, repeated with its types so that no schema library is loaded here. */
type Contract = typeof import('@motu/shared/contract/watch-lists.ts')
export const WATCH_LISTS_MAX: Contract['WATCH_LISTS_MAX'] = 20
export const WATCHED_TICKERS_MAX: Contract['WATCHED_TICKERS_MAX'] = 100
export const WATCH_LIST_NAME_MAX: Contract['WATCH_LIST_NAME_MAX'] = 30

/** With a ticker at its end; null where it is on it already, or the list is full. */
export function withTicker(list: WatchList, tickerId: TickerId): WatchList | null {
  if (list.tickers.includes(tickerId) || list.tickers.length >= WATCHED_TICKERS_MAX) return null
  return { ...list, tickers: [...list.tickers, tickerId] }
}

/** Without a ticker; null where it was not on it. */
export function withoutTicker(list: WatchList, tickerId: TickerId): WatchList | null {
  if (!list.tickers.includes(tickerId)) return null
  return { ...list, tickers: list.tickers.filter((one) => one !== tickerId) }
}

/** With a ticker at another place; a place beyond the ends counts as the end. */
export function withMoved(list: WatchList, tickerId: TickerId, index: number): WatchList | null {
  const from = list.tickers.indexOf(tickerId)
  const to = Math.max(0, Math.min(list.tickers.length - 1, index))
  if (from < 0 || from === to) return null
  const others = list.tickers.filter((one) => one !== tickerId)
  return { ...list, tickers: [...others.slice(0, to), tickerId, ...others.slice(to)] }
}

/** Under another name, without blanks around it. */
export function withName(list: WatchList, name: string): WatchList | null {
  const trimmed = name.trim().slice(0, WATCH_LIST_NAME_MAX)
  return trimmed === '' || trimmed === list.name ? null : { ...list, name: trimmed }
}

/**
 * What a visitor gathered before he signed in, brought into the lists of his account: a list of the
 * same name takes the tickers it lacks, any other one is added. `changed` is what has to be written.
 * What no list has room for any more is left out.
 */
export function mergeLists(
  account: readonly WatchList[],
  visitor: readonly WatchList[],
): { lists: WatchList[]; changed: WatchList[] } {
  const lists = [...account]
  const changed = new Set<string>()
  for (const own of visitor) {
    const at = lists.findIndex(({ name }) => name === own.name)
    const target = at < 0 ? { ...own, tickers: [] } : lists[at]!
    const merged = own.tickers.reduce((list, ticker) => withTicker(list, ticker) ?? list, target)
    if (merged === target || (at < 0 && lists.length >= WATCH_LISTS_MAX)) continue
    if (at < 0) lists.push(merged)
    else lists[at] = merged
    changed.add(merged.watch_list_id)
  }
  return { lists, changed: lists.filter(({ watch_list_id }) => changed.has(watch_list_id)) }
}
