// What the edge tells home of sign-outs that home did not hear of as they happened: `POST
// /internal/sign-outs`. At the edge they counted at once; now the refresh tokens end as well.

import { z } from 'zod'

export const SIGN_OUTS_PER_CALL_MAX = 500

export const signOutsSchema = z.strictObject({
  session_ids: z.array(z.uuid()).min(1).max(SIGN_OUTS_PER_CALL_MAX),
})
