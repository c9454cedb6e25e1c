// Pure: no I/O, no clock, no randomness.
// What an access token looks like: signed at home (EdDSA), verified at the edge and again at home.

export const TOKEN_ISSUER = 'motu'
export const TOKEN_AUDIENCE = 'motu-api'
/** RFC 9068: an access token says that it is one, so that no other JWT of ours passes for it. */
export const TOKEN_TYPE = 'at+jwt'
export const TOKEN_ALGORITHM = 'EdDSA'
export const ACCESS_TOKEN_SECONDS = 30 * 60
export const REFRESH_TOKEN_SECONDS = 7 * 24 * 60 * 60
/** While home is dark nobody can renew: what was good when it was last seen stays so, this long. */
export const OUTAGE_GRACE_MS = 12 * 60 * 60 * 1_000
/** Clocks of edge and home may differ by this much. */
export const TOKEN_CLOCK_TOLERANCE_SECONDS = 5

export type Role = 'ADMIN' | 'USER'

/** The claims both sides rely on; `exp` in seconds since 1970. */
export type AccessClaims = { sub: string; sid: string; role: Role; exp: number }

/** A browser sends this header to have its refresh token in a cookie; no other site can send it. */
export const SESSION_MODE_HEADER = 'motu-session'
export const COOKIE_MODE = 'cookie'
/** The prefix makes browsers refuse the cookie from anything but a secure origin. */
export const REFRESH_COOKIE = '__Secure-motu_refresh'
export const REFRESH_COOKIE_PATH = '/api/v1'
