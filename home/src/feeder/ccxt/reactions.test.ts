import * as ccxt from 'ccxt'
import { describe, expect, it } from 'vitest'
import { delayAfter, type Reaction, REACTION_BY_CLASS, reactionTo } from './reactions.ts'

/** Of what ccxt throws, what a feed does: the table again, by hand. */
const ROWS: readonly [error: Error, reaction: Reaction][] = [
  [new ccxt.BaseError('x'), 'back_off'],
  [new ccxt.ExchangeError('x'), 'back_off'],
  [new ccxt.AuthenticationError('x'), 'give_up'],
  [new ccxt.PermissionDenied('x'), 'give_up'],
  [new ccxt.AccountNotEnabled('x'), 'give_up'],
  [new ccxt.AccountSuspended('x'), 'give_up'],
  [new ccxt.ArgumentsRequired('x'), 'give_up'],
  [new ccxt.BadRequest('x'), 'give_up'],
  [new ccxt.BadSymbol('x'), 'drop_symbol'],
  [new ccxt.OperationRejected('x'), 'back_off'],
  [new ccxt.NoChange('x'), 'give_up'],
  [new ccxt.MarginModeAlreadySet('x'), 'give_up'],
  [new ccxt.MarketClosed('x'), 'back_off'],
  [new ccxt.ManualInteractionNeeded('x'), 'give_up'],
  [new ccxt.RestrictedLocation('x'), 'give_up'],
  [new ccxt.InsufficientFunds('x'), 'give_up'],
  [new ccxt.InvalidAddress('x'), 'give_up'],
  [new ccxt.AddressPending('x'), 'give_up'],
  [new ccxt.InvalidOrder('x'), 'give_up'],
  [new ccxt.OrderNotFound('x'), 'give_up'],
  [new ccxt.OrderNotCached('x'), 'give_up'],
  [new ccxt.OrderImmediatelyFillable('x'), 'give_up'],
  [new ccxt.OrderNotFillable('x'), 'give_up'],
  [new ccxt.DuplicateOrderId('x'), 'give_up'],
  [new ccxt.ContractUnavailable('x'), 'drop_symbol'],
  [new ccxt.NotSupported('x'), 'give_up'],
  [new ccxt.InvalidProxySettings('x'), 'give_up'],
  [new ccxt.ExchangeClosedByUser('x'), 'retry'],
  [new ccxt.OperationFailed('x'), 'retry'],
  [new ccxt.NetworkError('x'), 'retry'],
  [new ccxt.DDoSProtection('x'), 'back_off'],
  [new ccxt.RateLimitExceeded('x'), 'back_off'],
  [new ccxt.ExchangeNotAvailable('x'), 'retry'],
  [new ccxt.OnMaintenance('x'), 'back_off'],
  [new ccxt.InvalidNonce('x'), 'retry'],
  [new ccxt.ChecksumError('x'), 'retry'],
  [new ccxt.RequestTimeout('x'), 'retry'],
  [new ccxt.BadResponse('x'), 'retry'],
  [new ccxt.NullResponse('x'), 'retry'],
  [new ccxt.CancelPending('x'), 'retry'],
  [new ccxt.UnsubscribeError('x'), 'retry'],
]

describe('the reaction to an error', () => {
  it.each(ROWS.map(([error, reaction]) => [error.constructor.name, error, reaction] as const))(
    '%s',
    (name, error, reaction) => {
      expect(reactionTo(error)).toBe(reaction)
      expect(REACTION_BY_CLASS[name]).toBe(reaction)
    },
  )

  it('is known for every class that ccxt has', () => {
    const isError = (value: unknown): boolean =>
      typeof value === 'function' && (value === ccxt.BaseError || isBelow(value))
    const isBelow = (value: object): boolean =>
      (value as { prototype?: unknown }).prototype instanceof ccxt.BaseError
    const names = Object.entries(ccxt).flatMap(([name, value]) => (isError(value) ? [name] : []))
    expect(names.length).toBeGreaterThan(30)
    expect(names.toSorted()).toEqual(Object.keys(REACTION_BY_CLASS).toSorted())
  })

  it('of a class ccxt may add is that of the class above it', () => {
    class TeaTime extends ccxt.OnMaintenance {}
    expect(reactionTo(new TeaTime('x'))).toBe('back_off')
  })

  it.each([[new Error('ECONNRESET')], [new TypeError('fetch failed')], ['a text'], [null]])(
    'to %s, which is no error of ccxt, is another try',
    (error) => {
      expect(reactionTo(error)).toBe('retry')
    },
  )

  it('waits longer each time, and not for ever', () => {
    const delays = (reaction: Reaction): number[] =>
      [1, 2, 5, 6, 100].map((failures) => delayAfter(reaction, failures))
    expect(delays('retry')).toEqual([1_000, 2_000, 16_000, 30_000, 30_000])
    expect(delays('back_off')).toEqual([10_000, 20_000, 160_000, 300_000, 300_000])
  })
})
