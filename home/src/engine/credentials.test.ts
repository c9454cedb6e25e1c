import { OUTAGE_GRACE_MS, TOKEN_CLOCK_TOLERANCE_SECONDS } from '@motu/shared/access-token.ts'
import type { PlaceMessage } from '@motu/shared/order-message.ts'
import { describe, expect, it } from 'vitest'
import { USER } from '../../test/engine/samples.ts'
import { credentialKey, isRevoked } from './credentials.ts'

const SID = '11111111-1111-4111-8111-111111111111'
const AT = '2026-11-20T09:00:00.000Z'
const AT_MS = Date.parse(AT)
const LAST_GRACED_EXP = (AT_MS - OUTAGE_GRACE_MS) / 1_000 - TOKEN_CLOCK_TOLERANCE_SECONDS

const message = (given: Partial<PlaceMessage>): PlaceMessage => ({
  v: 1,
  kind: 'place',
  order_id: 'bad98072-5ad0-5f01-97f7-60c21842b926',
  user_id: USER,
  client_order_id: 'client-1',
  ticker_id: 'CRYPTO-COIN-BTC',
  side: 'BUY',
  type: 'MARKET',
  quantity: '0.01',
  limit_price: null,
  time_in_force: 'GTC',
  accepted_at: AT,
  sid: SID,
  exp: AT_MS / 1_000 + 1_800,
  ...given,
})
const key = { sid: null, key_id: 'abcdefghijkl', exp: 253_402_300_799 }
const ends = (endedAt: number | null, id = SID, user = USER) =>
  new Map([[credentialKey(user, id), endedAt]])

describe('an order', () => {
  it.each<[string, Partial<PlaceMessage>, Map<string, number | null>, boolean]>([
    ['of a living sign-in', {}, ends(null), false],
    ['of one that ended later', {}, ends(AT_MS + 1), false],
    ['of one that ended at that moment', {}, ends(AT_MS), true],
    ['of an unknown sign-in', {}, new Map(), true],
    ['of a sign-in that is no id of ours', { sid: 'session-1' }, new Map(), true],
    ["of another user's sign-in", {}, ends(null, SID, SID), true],
    ['at the end of the grace', { exp: LAST_GRACED_EXP }, ends(null), false],
    ['behind the end of the grace', { exp: LAST_GRACED_EXP - 1 }, ends(null), true],
    ['of a living key', key, ends(null, key.key_id), false],
    ['of a revoked key', key, ends(AT_MS, key.key_id), true],
    ['of an unknown key', key, new Map(), true],
    ['of our own tools', { sid: null, exp: 0 }, new Map(), false],
  ])('%s: refused is %4$s', (_, given, known, refused) => {
    expect(isRevoked(message(given), known)).toBe(refused)
  })
})
