import { describe, expect, it } from 'vitest'
import { type InternalCall, SIGNATURE_AGE_MAX_MS, signCall, verifyCall } from './internal.ts'

const SECRET = 'a secret'
const CALL: InternalCall = { method: 'POST', path: '/internal/orders?x=1', body: '{"a":1}' }
const AT = { nowMs: 1_763_600_000_000, nonce: 'nonce-0001' }
const HMAC = '909e7bce38a57505ef604a64dab27b5c39f03a170306a6d04c0edebf37f36eb4'

const verify = (header: string | null | undefined, change: Partial<InternalCall> = {}, nowMs = 0) =>
  verifyCall(SECRET, { ...CALL, ...change }, { header, nowMs: AT.nowMs + nowMs })

describe('the signature of an internal call', () => {
  // Edge and home may run different versions: computed elsewhere, with Python's hmac.
  it('is the HMAC of method, path, body hash, timestamp and nonce', async () => {
    expect(await signCall(SECRET, CALL, AT)).toBe(`1763600000000.nonce-0001.${HMAC}`)
  })

  it('is accepted, with its nonce', async () => {
    expect(await verify(await signCall(SECRET, CALL, AT))).toEqual({ nonce: 'nonce-0001' })
    const empty = { method: 'GET', path: '/', body: '' }
    expect(await verify(await signCall(SECRET, empty, AT), empty)).not.toBeNull()
  })

  it.each<[string, Partial<InternalCall>]>([
    ['method', { method: 'GET' }],
    ['path', { path: '/internal/orders?x=2' }],
    ['query', { path: '/internal/orders' }],
    ['body', { body: '{"a":2}' }],
    ['body, by a blank', { body: '{"a":1} ' }],
    ['body, to none', { body: '' }],
  ])('is refused for another %s', async (_, change) => {
    expect(await verify(await signCall(SECRET, CALL, AT), change)).toBeNull()
  })

  it('is refused under another secret', async () => {
    expect(await verify(await signCall('another secret', CALL, AT))).toBeNull()
  })

  it.each([
    [SIGNATURE_AGE_MAX_MS, true],
    [SIGNATURE_AGE_MAX_MS + 1, false],
    [-SIGNATURE_AGE_MAX_MS, true],
    [-SIGNATURE_AGE_MAX_MS - 1, false],
  ])('%i ms after its making: %s', async (ageMs, isAccepted) => {
    const header = await signCall(SECRET, CALL, AT)
    expect((await verify(header, {}, ageMs)) !== null).toBe(isAccepted)
  })

  it.each<[string, string | null | undefined]>([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['of another timestamp', `1763600000001.nonce-0001.${HMAC}`],
    ['of another nonce', `1763600000000.nonce-0002.${HMAC}`],
    ['of another first digit', `1763600000000.nonce-0001.8${HMAC.slice(1)}`],
    ['of another last digit', `1763600000000.nonce-0001.${HMAC.slice(0, -1)}5`],
    ['too short', `1763600000000.nonce-0001.${HMAC.slice(2)}`],
    ['too long', `1763600000000.nonce-0001.${HMAC}00`],
    ['in upper case', `1763600000000.nonce-0001.${HMAC.toUpperCase()}`],
    ['of seconds', `1763600000.nonce-0001.${HMAC}`],
    ['of no number', `176360000000x.nonce-0001.${HMAC}`],
    ['without a nonce', `1763600000000..${HMAC}`],
    ['of a short nonce', `1763600000000.nonce-1.${HMAC}`],
    ['in two parts', `1763600000000.${HMAC}`],
    ['with a line end', `1763600000000.nonce-0001.${HMAC}\n`],
    ['with a blank', ` 1763600000000.nonce-0001.${HMAC}`],
  ])('is refused when it is %s', async (_, header) => {
    expect(await verify(header)).toBeNull()
  })

  it('cannot move a line from one field into the next', async () => {
    const forged = { method: 'POST\n/internal/orders?x=1', path: '', body: CALL.body }
    expect(await verify(await signCall(SECRET, CALL, AT), forged)).toBeNull()
  })
})
