// Opening a sign-in for who showed in another way than by password who he is.

import type { Tokens as TokensAnswer } from '@motu/shared/contract/auth.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Context } from 'hono'
import type { ApiEnv } from './env.ts'
import type { SignIns } from './sign-ins.ts'

type Opening = { userId: string; method: string; asCookie?: boolean }

/** Opens the sign-in; the refresh token goes into a cookie if asked, or else into the answer. */
export async function signInElsewhere(
  c: Context<ApiEnv>,
  { signIns }: { signIns: SignIns },
  opening: Opening,
): Promise<TokensAnswer> {
  const tokens = await signIns.open(c, opening)
  if (!tokens) throw new DomainError('sign-in-refused')
  return tokens
}

/** The sign-in that asks, on routes that only sign-ins may call. */
export function sidOf(c: Context<ApiEnv>): string {
  const { via } = c.get('principal')
  if (via.kind !== 'session') throw new DomainError('forbidden')
  return via.sid
}
