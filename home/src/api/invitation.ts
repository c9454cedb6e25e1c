// Who may open an account: everyone, or whoever knows the invitation code.

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Providers } from '@motu/shared/contract/oidc.ts'
import { DomainError } from '@motu/shared/problem.ts'
import type { Config } from '../config.ts'

type Setting = Pick<Config, 'inviteCode'>

export function registrationOf({ inviteCode }: Setting): Providers['registration'] {
  return inviteCode === null ? 'open' : 'invited'
}

/** The refusal of who has no invitation; null for who may open an account with what he gave. */
export function refusalOf({ inviteCode }: Setting, given: string | undefined): DomainError | null {
  if (inviteCode === null) return null
  // Of hashes, because the lengths must be equal: how long it takes says nothing of the code.
  if (given !== undefined && timingSafeEqual(sha256(given), sha256(inviteCode))) return null
  const detail = given === undefined ? 'is missing' : 'is not the code'
  return new DomainError('invitation-needed', {
    detail: `An account needs the invitation code, and invite_code ${detail}.`,
    errors: [{ pointer: '#/invite_code', detail }],
  })
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
