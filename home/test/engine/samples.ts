// Orders, quotes and wallets for tests that need no database.

import { decimal, SCALE } from '@motu/shared/decimal.ts'
import { partitionOf } from '@motu/shared/partition.ts'
import type { OrderRecord } from '../../src/db/order-view.ts'
import type { Wallet } from '../../src/engine/books.ts'
import type { EngineQuote } from '../../src/engine/quote-ring.ts'

export const BTC = 'CRYPTO-COIN-BTC'
export const SAMSUNG = 'KRX-STOCK-005930'
export const APPLE = 'US-STOCK-AAPL'
/** In partition 2. */
export const USER = '00000000-0000-4000-8000-000000000001'

export function orderRecord(overrides: Partial<OrderRecord> = {}): OrderRecord {
  return {
    userId: USER,
    id: 'bad98072-5ad0-5f01-97f7-60c21842b926',
    clientOrderId: 'client-1',
    tickerId: BTC,
    side: 'BUY',
    type: overrides.limitPrice ? 'LIMIT' : 'MARKET',
    timeInForce: 'GTC',
    requestedQuantity: SCALE,
    limitPrice: null,
    status: 'PENDING',
    reason: null,
    waitingFor: null,
    price: null,
    filledQuantity: 0n,
    appliedExchangeRate: null,
    notionalKrw: 0n,
    feeKrw: 0n,
    holdKrw: 0n,
    holdQuantity: 0n,
    fillCount: 0,
    settledLate: false,
    acceptedAt: 1_000,
    storedAt: 1_000,
    filledAt: null,
    cancelRequestedAt: null,
    cancelResult: null,
    ...overrides,
  }
}

export function engineQuote(
  bid: string,
  ask: string,
  overrides: Partial<EngineQuote> = {},
): EngineQuote {
  return {
    tickerId: BTC,
    epoch: 'epoch-1',
    seq: 1,
    bid: decimal(bid),
    ask: decimal(ask),
    basePrice: decimal(bid),
    receivedAt: 2_000,
    afterGap: false,
    ...overrides,
  }
}

export function walletOf(userId: string, balance: string): Wallet {
  return {
    partition: partitionOf(userId),
    userId,
    balanceKrw: decimal(balance),
    heldKrw: 0n,
    realizedPnlKrw: 0n,
    eventSeq: 0n,
  }
}
