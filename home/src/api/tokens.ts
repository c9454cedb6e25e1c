// Access tokens: signed here and nowhere else (EdDSA). The private key never leaves this machine;
// the edge verifies with the public set.

import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  ACCESS_TOKEN_SECONDS,
  type AccessClaims,
  type Role,
  TOKEN_ALGORITHM,
  TOKEN_AUDIENCE,
  TOKEN_CLOCK_TOLERANCE_SECONDS,
  TOKEN_ISSUER,
  TOKEN_TYPE,
} from '@motu/shared/access-token.ts'
import { exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'

export type Tokens = {
  issue(user: { userId: string; role: Role; sid: string }): Promise<string>
  /** The claims of a valid token; throws for any other. */
  verify(token: string): Promise<AccessClaims>
  /** The public key set. */
  keySet: { keys: JWK[] }
}

/** Opens the signing key; the first process to need one makes it. */
export async function openTokens(keyFile: string, now: () => number): Promise<Tokens> {
  const jwk = await readOrCreateKey(keyFile)
  const { d: _private, ...publicJwk } = jwk
  const privateKey = await importJWK(jwk, TOKEN_ALGORITHM)
  const publicKey = await importJWK(publicJwk, TOKEN_ALGORITHM)
  const kid = jwk.kid!
  return {
    keySet: { keys: [{ ...publicJwk, use: 'sig', alg: TOKEN_ALGORITHM }] },
    issue({ userId, role, sid }) {
      const issuedAt = Math.floor(now() / 1000)
      return new SignJWT({ sid, role })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(privateKey)
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, publicKey, {
        algorithms: [TOKEN_ALGORITHM],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
        typ: TOKEN_TYPE,
        clockTolerance: TOKEN_CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(now()),
        requiredClaims: ['sub', 'sid', 'role', 'exp'],
      })
      const role = payload.role === 'ADMIN' ? 'ADMIN' : 'USER'
      return { sub: payload.sub!, sid: String(payload.sid), role, exp: payload.exp! }
    },
  }
}

async function readOrCreateKey(keyFile: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true })
  const jwk = { ...(await exportJWK(privateKey)), kid: randomUUID() }
  await mkdir(dirname(keyFile), { recursive: true })
  // Written aside, then linked: of two processes that start together one wins, and the other reads
  // a whole file.
  const aside = `${keyFile}.${jwk.kid}`
  await writeFile(aside, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' })
  try {
    await link(aside, keyFile)
    return jwk
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return JSON.parse(await readFile(keyFile, 'utf8')) as JWK
  } finally {
    await unlink(aside)
  }
}
