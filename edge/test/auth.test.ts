// How often a verifier asks for keys, and how long it remembers a token.

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { TokenVerifier, type Trust } from '../src/auth.ts'

const USER = '11111111-1111-4111-8111-111111111111'
const START = Date.parse('2026-11-20T12:00:00Z')

async function bench() {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const clock = { ms: START }
  const verifier = new TokenVerifier(() => clock.ms)
  const home = {
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] },
    denied: [] as string[],
    loads: 0,
  }
  const load = async (): Promise<Trust | null> => {
    home.loads += 1
    return home
  }
  const sign = (kid = 'k1', seconds = 1_800) =>
    new SignJWT({ sid: 's', role: 'USER' })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .setIssuer('motu')
      .setAudience('motu-api')
      .setSubject(USER)
      .setExpirationTime(START / 1_000 + seconds)
      .sign(privateKey)
  return { clock, home, sign, verifier, verify: (token: string) => verifier.verify(token, load) }
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
  const { clock, home, sign, verify, verifier } = await bench()
  const token = await sign()
  expect(await verify(token)).not.toBeNull()
  verifier.deny('s')
  expect(await verify(token)).toBeNull()
  home.denied.push('s')
  const reborn = new TokenVerifier(() => clock.ms)
  expect(await reborn.verify(token, async () => home)).toBeNull()
})

it('cannot say without any key', async () => {
  const { sign } = await bench()
  const verifier = new TokenVerifier(() => START)
  await expect(verifier.verify(await sign(), async () => null)).rejects.toMatchObject({
    code: 'unavailable',
  })
})
