// How often a verifier asks for keys, and how long it remembers a token.

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import type { Revocation } from '@motu/shared/upstream.ts'
import { TokenVerifier, type Trust } from '../src/auth.ts'
import { Denials } from '../src/denials.ts'

const USER = '11111111-1111-4111-8111-111111111111'
const OTHER = '22222222-2222-4222-8222-222222222222'
const START = Date.parse('2026-11-20T12:00:00Z')

const iso = (ms: number): string => new Date(ms).toISOString()

function revoked(kind: Revocation['kind'], id: string): Revocation {
  return { kind, id, at: iso(START), until: iso(START + 1_800_000) }
}

async function bench() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const clock = { ms: START }
  const denials = new Denials()
  const verifier = new TokenVerifier(() => clock.ms, denials)
  const home = {
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] },
    denied: [] as Revocation[],
    loads: 0,
  }
  const load = async (): Promise<Trust | null> => {
    home.loads += 1
    return home
  }
  const sign = (kid = 'k1', seconds = 1_800, { sub = USER, iat = START / 1_000 } = {}) =>
    new SignJWT({ sid: 's', role: 'USER' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer('motu')
      .setAudience('motu-api')
      .setSubject(sub)
      .setIssuedAt(iat)
      .setExpirationTime(START / 1_000 + seconds)
      .sign(privateKey)
  return { clock, denials, home, sign, verify: (token: string) => verifier.verify(token, load) }
}

it('asks for keys once, and again at most every three seconds for a key it does not know', async () => {
  const { clock, home, sign, verify } = await bench()
  const claims = { sub: USER, sid: 's', role: 'USER' }
  expect(await verify(await sign())).toMatchObject({ claims, isExpired: false })
  expect(home.loads).toBe(1)
  expect(await verify(await sign('k2'))).toBeNull()
  expect(home.loads).toBe(1)
  clock.ms += 3_000
  home.keys.keys[0]!.kid = 'k2'
  expect(await verify(await sign('k2'))).not.toBeNull()
  expect(home.loads).toBe(2)
})

it('knows when a token ends', async () => {
  const { clock, sign, verify } = await bench()
  const token = await sign('k1', 60)
  expect(await verify(token)).toMatchObject({ isExpired: false })
  clock.ms += 64_000
  expect(await verify(token)).toMatchObject({ isExpired: false })
  clock.ms += 2_000
  expect(await verify(token)).toMatchObject({ isExpired: true })
})

it('denies a sign-in that was ended, at once and after a restart', async () => {
  const { clock, denials, home, sign, verify } = await bench()
  const token = await sign()
  expect(await verify(token)).not.toBeNull()
  const revocation = revoked('session', 's')
  denials.add([revocation], clock.ms)
  expect(await verify(token)).toBeNull()
  home.denied.push(revocation)
  const reborn = new TokenVerifier(() => clock.ms, new Denials())
  expect(await reborn.verify(token, async () => home)).toBeNull()
})

it('denies what a user had when he was shut out, not what he is given later', async () => {
  const { clock, denials, sign, verify } = await bench()
  denials.add([revoked('user', USER)], clock.ms)
  expect(await verify(await sign())).toBeNull()
  denials.add([{ ...revoked('user', OTHER), at: iso(START + 1_000) }], clock.ms)
  expect(await verify(await sign('k1', 1_800, { sub: OTHER }))).toBeNull()
  expect(
    await verify(await sign('k1', 1_800, { sub: OTHER, iat: START / 1_000 + 2 })),
  ).not.toBeNull()
})

it('forgets a revocation when nothing it ended can matter any more', async () => {
  const { clock, denials, sign, verify } = await bench()
  const token = await sign()
  denials.add([{ ...revoked('session', 's'), until: iso(START + 1_000) }], clock.ms)
  expect(await verify(token)).toBeNull()
  clock.ms += 2_000
  denials.add([], clock.ms)
  expect(denials.size).toBe(0)
})

it('cannot say without any key', async () => {
  const { sign } = await bench()
  const verifier = new TokenVerifier(() => START, new Denials())
  await expect(verifier.verify(await sign(), async () => null)).rejects.toMatchObject({
    code: 'unavailable',
  })
})
