// What the market's channels have in common: they are conflated. A client hears of each kind at a
// pace of its own, and of what it missed meanwhile what its board says.

/** The kinds of channels; a channel's name begins with its kind. */
export const MARKET_KINDS = ['quotes', 'book', 'trades'] as const
export type MarketKind = (typeof MARKET_KINDS)[number]

/** A frame as it is sent, and the version of its channel that a client has seen with it. */
export type MarketFrame = { text: string; version: number }

/** What is known for the channels of one kind. A client that has seen nothing is at version 0. */
export type ChannelBoard = {
  /** Whether a channel has news for a client that has seen `version` of it. */
  isNews(channel: string, version: number): boolean
  /** What a client that has seen `version` of a channel is missing; null when nothing. */
  frameSince(channel: string, version: number): MarketFrame | null
}

/** The kind of a channel; null for a private one. */
export function kindOf(channel: string): MarketKind | null {
  const [name] = channel.split(':', 1)
  return MARKET_KINDS.find((kind) => kind === name) ?? null
}
