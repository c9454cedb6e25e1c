// Who may call a route. Declared once, with the route; edge and home both enforce it, the OpenAPI
// document shows it, and the matrix test calls every route as everyone else.

/** The scopes of an API key. `trade` and `admin` include `read`. */
export const SCOPES = ['read', 'trade', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/**
 * `anyone`: no credentials · `read`: a signed-in user, or a key with the scope `read` · `trade`: a
 * signed-in user, or a key with `trade` · `session`: a signed-in user, never a key: what guards the
 * account itself · `admin`: a signed-in admin, or an admin's key with `admin`.
 */
export const ACCESS = ['anyone', 'read', 'trade', 'session', 'admin'] as const
export type Access = (typeof ACCESS)[number]

/** The security schemes of the OpenAPI document, by the name it gives them. */
export const BEARER_SCHEME = 'BearerAuth'
export const API_KEY_SCHEME = 'ApiKeyAuth'
export const API_KEY_HEADER = 'x-api-key'

type Security = Record<string, string[]>[]

const SECURITY: Readonly<Record<Access, Security>> = {
  anyone: [],
  read: [{ [BEARER_SCHEME]: [] }, { [API_KEY_SCHEME]: ['read'] }],
  trade: [{ [BEARER_SCHEME]: [] }, { [API_KEY_SCHEME]: ['trade'] }],
  session: [{ [BEARER_SCHEME]: [] }],
  admin: [{ [BEARER_SCHEME]: ['admin'] }, { [API_KEY_SCHEME]: ['admin'] }],
}

/** Spread into a route's definition: its access, and what OpenAPI says of it. */
export function access<A extends Access>(who: A): { 'x-motu-access': A; security: Security } {
  return { 'x-motu-access': who, security: SECURITY[who] }
}

/** Who a request speaks for, however it showed it. */
export type Principal = {
  userId: string
  role: 'ADMIN' | 'USER'
  via:
    | { kind: 'session'; sid: string; exp: number }
    | { kind: 'key'; keyId: string; scopes: readonly Scope[] }
}

/** Whether this caller may use a route; null stands for nobody in particular. */
export function mayCall(who: Access, principal: Principal | null): boolean {
  if (who === 'anyone') return true
  if (!principal) return false
  const { via, role } = principal
  if (who === 'admin' && role !== 'ADMIN') return false
  if (via.kind === 'session') return true
  if (who === 'session') return false
  return via.scopes.includes(who) || (who === 'read' && via.scopes.length > 0)
}
