// The tabs of one browser among themselves: they share the access token, which is in memory only,
// and take turns at renewing it, because a refresh token used twice would count as stolen.

import type { SessionUser } from './session-notes.ts'

const NAME = 'motu.session'

/** An access token, and when it ends by this browser's clock, in ms. */
export type Access = { token: string; expiresAt: number }

export type TabWord =
  | { kind: 'signed-in'; access: Access; user: SessionUser }
  | { kind: 'signed-out' }
  | { kind: 'who' }

export type Tabs = {
  say(word: TabWord): void
  /** Calls back for every word of another tab. */
  listen(hear: (word: TabWord) => void): void
  /** Runs the work while no other tab runs its own. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  close(): void
}

/** Without Web Locks, in a page that came over plain HTTP, there is no cookie to renew with either. */
export function openTabs(name = NAME): Tabs {
  const channel = new BroadcastChannel(name)
  return {
    say: (word) => channel.postMessage(word),
    listen: (hear) => {
      channel.onmessage = ({ data }: MessageEvent) => hear(data as TabWord)
    },
    inTurn: async (work) => {
      const { locks } = navigator as Partial<Navigator>
      return locks ? await locks.request(name, work) : await work()
    },
    close: () => channel.close(),
  }
}
