import { describe, expect, it } from 'vitest'
import { ACCESS, type Access, mayCall, type Principal, type Scope } from './access.ts'

const session = (role: Principal['role']): Principal => ({
  userId: 'u',
  role,
  via: { kind: 'session', sid: 's', exp: 1 },
})
const key = (role: Principal['role'], ...scopes: Scope[]): Principal => ({
  userId: 'u',
  role,
  via: { kind: 'key', keyId: 'k', scopes },
})

const CALLERS: readonly [name: string, Principal | null, may: readonly Access[]][] = [
  ['nobody', null, ['anyone']],
  ['a user', session('USER'), ['anyone', 'read', 'trade', 'session']],
  ['an admin', session('ADMIN'), ['anyone', 'read', 'trade', 'session', 'admin']],
  ['a key that reads', key('USER', 'read'), ['anyone', 'read']],
  ['a key that trades', key('USER', 'trade'), ['anyone', 'read', 'trade']],
  ['a key without scopes', key('USER'), ['anyone']],
  ["an admin's key that reads", key('ADMIN', 'read'), ['anyone', 'read']],
  ["an admin's key for admins", key('ADMIN', 'admin'), ['anyone', 'read', 'admin']],
  ["a former admin's key", key('USER', 'admin'), ['anyone', 'read']],
]

describe('access', () => {
  it.each(CALLERS)('lets %s in where he may, and nowhere else', (_, principal, may) => {
    expect(ACCESS.filter((who) => mayCall(who, principal))).toEqual(may)
  })
})
