// What a request carries through the API.

import type { AccessClaims } from '@motu/shared/access-token.ts'

export type ApiEnv = {
  Variables: {
    /** Found again in the logs and in a problem's `instance`. */
    requestId: string
    /** Set by `signedIn`. */
    claims: AccessClaims
  }
}
