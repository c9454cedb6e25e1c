// Pure: no I/O, no clock, no randomness.
// What a feed does about an error of ccxt, by the name of its class (ccxt manual, Error Handling).

export const REACTIONS = ['retry', 'back_off', 'drop_symbol', 'give_up'] as const
/**
 * `retry`: soon, then ever less often. `back_off`: the exchange wants to be left alone for a while.
 * `drop_symbol`: go on without what was asked for. `give_up`: it will not go away by itself.
 */
export type Reaction = (typeof REACTIONS)[number]

/**
 * Every class, those that a feed of public quotes can meet and those it cannot: an answer about
 * money or orders to a question about prices means that we misunderstand each other.
 */
export const REACTION_BY_CLASS: Readonly<Record<string, Reaction>> = {
  BaseError: 'back_off',
  ExchangeError: 'back_off',
  AuthenticationError: 'give_up',
  PermissionDenied: 'give_up',
  AccountNotEnabled: 'give_up',
  AccountSuspended: 'give_up',
  ArgumentsRequired: 'give_up',
  BadRequest: 'give_up',
  BadSymbol: 'drop_symbol',
  OperationRejected: 'back_off',
  NoChange: 'give_up',
  MarginModeAlreadySet: 'give_up',
  MarketClosed: 'back_off',
  ManualInteractionNeeded: 'give_up',
  RestrictedLocation: 'give_up',
  InsufficientFunds: 'give_up',
  InvalidAddress: 'give_up',
  AddressPending: 'give_up',
  InvalidOrder: 'give_up',
  OrderNotFound: 'give_up',
  OrderNotCached: 'give_up',
  OrderImmediatelyFillable: 'give_up',
  OrderNotFillable: 'give_up',
  DuplicateOrderId: 'give_up',
  ContractUnavailable: 'drop_symbol',
  NotSupported: 'give_up',
  InvalidProxySettings: 'give_up',
  // We closed it ourselves, because it was silent.
  ExchangeClosedByUser: 'retry',
  OperationFailed: 'retry',
  NetworkError: 'retry',
  DDoSProtection: 'back_off',
  RateLimitExceeded: 'back_off',
  ExchangeNotAvailable: 'retry',
  OnMaintenance: 'back_off',
  InvalidNonce: 'retry',
  ChecksumError: 'retry',
  RequestTimeout: 'retry',
  BadResponse: 'retry',
  NullResponse: 'retry',
  CancelPending: 'retry',
  UnsubscribeError: 'retry',
}

/** By the nearest class that is known; what is no error of ccxt came from the line: `retry`. */
export function reactionTo(error: unknown): Reaction {
  let prototype: unknown = error instanceof Error ? Object.getPrototypeOf(error) : null
  while (typeof prototype === 'object' && prototype !== null) {
    const reaction = REACTION_BY_CLASS[prototype.constructor.name]
    if (reaction) return reaction
    prototype = Object.getPrototypeOf(prototype)
  }
  return 'retry'
}

const RETRY_DELAY_MS = 1_000
const RETRY_DELAY_MS_MAX = 30_000
const BACK_OFF_MS = 10_000
const BACK_OFF_MS_MAX = 300_000

/** How long to wait after the `failures`th failure in a row (from 1): twice as long each time. */
export function delayAfter(reaction: Reaction, failures: number): number {
  const doubled = 2 ** Math.min(failures - 1, 10)
  if (reaction === 'back_off') return Math.min(BACK_OFF_MS * doubled, BACK_OFF_MS_MAX)
  return Math.min(RETRY_DELAY_MS * doubled, RETRY_DELAY_MS_MAX)
}
