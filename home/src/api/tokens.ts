// Access tokens: signed here and nowhere else (EdDSA). The private keys never leave this machine; the
// edge verifies with the public set.

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
import { errors, type JWK, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose'
import { SigningKeys } from './signing-keys.ts'

export type Tokens = {
  issue(user: { userId: string; role: Role; sid: string }): Promise<string>
  /** The claims of a valid token; null for any other. */
  verify(token: string): Promise<AccessClaims | null>
  /** The public key set. */
  keySet(): Promise<{ keys: JWK[] }>
}

/** Opens the signing keys; the first process to need one makes it. */
export async function openTokens(
  keyFile: string,
  now: () => number,
  onTrouble: (error: unknown) => void = () => {},
): Promise<Tokens> {
  const keys = await SigningKeys.open(keyFile, { now, onTrouble })
  const keyOf: JWTVerifyGetKey = async ({ kid }) => {
    const key = kid === undefined ? null : await keys.find(kid)
    if (!key) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return {
    keySet: () => keys.publicSet(),
    async issue({ userId, role, sid }) {
      const { kid, privateKey } = await keys.newest()
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
      try {
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: [TOKEN_ALGORITHM],
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          typ: TOKEN_TYPE,
          clockTolerance: TOKEN_CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(now()),
          requiredClaims: ['sub', 'sid', 'role', 'iat', 'exp'],
        })
        const role = payload.role === 'ADMIN' ? 'ADMIN' : 'USER'
        return { sub: payload.sub!, sid: String(payload.sid), role, exp: payload.exp! }
      } catch (error) {
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },
  }
}
