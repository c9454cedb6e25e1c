// Pure: no I/O, no clock, no randomness.
// What an access token looks like: signed at home (EdDSA), verified at the edge and again at home.

export const TOKEN_ISSUER = 'motu'
export const TOKEN_AUDIENCE = 'motu-api'
/** RFC 9068: an access token says that it is one, so that no other JWT of ours passes for it. */
export const TOKEN_TYPE = 'at+jwt'
export const TOKEN_ALGORITHM = 'EdDSA'
export const ACCESS_TOKEN_SECONDS = 30 * 60
export const REFRESH_TOKEN_SECONDS = 7 * 24 * 60 * 60
/** Clocks of edge and home may differ by this much. */
export const TOKEN_CLOCK_TOLERANCE_SECONDS = 5

export type Role = 'ADMIN' | 'USER'

/** The claims both sides rely on; `exp` in seconds since 1970. */
export type AccessClaims = { sub: string; sid: string; role: Role; exp: number }
