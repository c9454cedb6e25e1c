// Pure: no I/O, no clock, no randomness.
// How long the adapter waits for what. Tests wait shorter.

export type KisTimes = {
  /** One token a minute per app key. */
  tokenIntervalMs: number
  /** A token is asked for anew this long before its end; within six hours KIS gives the same again. */
  tokenRenewAheadMs: number
  callTimeoutMs: number
  /** The window that KIS counts calls in, with some room for the line's jitter. */
  rateWindowMs: number
  /** After a call was refused for its pace or failed on the way; grows with each try. */
  retryDelayMs: number
  /** After the first loss of a session; doubles with each that follows. */
  reconnectDelayMs: number
  reconnectDelayMsMax: number
  /** Endless reconnecting gets an address or a key blocked: this many in the window, at the most. */
  connectsMax: number
  connectsWindowMs: number
  /** Without a word for so long a session is taken for dead. */
  silenceMs: number
  /** An answer to a registration that did not come is asked for anew. */
  ackMs: number
  /** Another session holds the app key: it may be ours of before. */
  inUseMs: number
  /** Only a person can help (keys refused): how long the account is left alone. */
  adminMs: number
  /** Between two messages to the WebSocket. */
  messageSpacingMs: number
  /** How often what was seen is handed over: five events a second of a ticker at the most. */
  flushMs: number
  /** A ticker that nobody reports is asked for after this. */
  quietMs: number
  /** How long a living line's silence about a ticker is taken to mean: unchanged. */
  confirmMs: number
  /** How often one is asked for whose market is closed. */
  closedMs: number
  /** A pause of the poller when nothing is due. */
  idleMs: number
  fxMs: number
  /** How often halts, limits and running volumes are asked for beside the book. */
  detailMs: number
  countersMs: number
  planMs: number
}

export const KIS_TIMES: KisTimes = {
  tokenIntervalMs: 60_000,
  tokenRenewAheadMs: 3_600_000,
  callTimeoutMs: 10_000,
  rateWindowMs: 1_050,
  retryDelayMs: 200,
  reconnectDelayMs: 1_000,
  reconnectDelayMsMax: 60_000,
  connectsMax: 12,
  connectsWindowMs: 600_000,
  silenceMs: 100_000,
  ackMs: 10_000,
  inUseMs: 30_000,
  adminMs: 600_000,
  messageSpacingMs: 20,
  flushMs: 200,
  quietMs: 2_000,
  confirmMs: 15_000,
  closedMs: 60_000,
  idleMs: 100,
  fxMs: 30_000,
  detailMs: 30_000,
  countersMs: 60_000,
  planMs: 5_000,
}
