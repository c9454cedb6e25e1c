// The instruments that were looked up last in this browser, the newest first.

import type { TickerId } from '@motu/shared/ticker.ts'

const STORAGE_KEY = 'motu.recent-tickers'
const KEPT_MAX = 8

type RecentStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export function readRecent(storage: RecentStorage): TickerId[] {
  try {
    const stored = JSON.parse(storage.getItem(STORAGE_KEY) ?? '[]') as unknown
    if (!Array.isArray(stored)) return []
    return stored.filter((one) => typeof one === 'string').slice(0, KEPT_MAX)
  } catch {
    return []
  }
}

/** Puts one in front; the answer is the list as it is then. */
export function rememberRecent(storage: RecentStorage, tickerId: TickerId): TickerId[] {
  const list = [tickerId, ...readRecent(storage).filter((one) => one !== tickerId)]
  storage.setItem(STORAGE_KEY, JSON.stringify(list.slice(0, KEPT_MAX)))
  return list.slice(0, KEPT_MAX)
}

export function forgetRecent(storage: RecentStorage): void {
  storage.removeItem(STORAGE_KEY)
}
