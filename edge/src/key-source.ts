// Who vouches for an API key: home, whose word is kept on the edge's disk for when it is dark.

import { type VerifiedKey, verifiedKeySchema } from '@motu/shared/api-key-calls.ts'
import type { KeySource } from './api-keys.ts'
import { type Env, hubOf, lastGoodOf } from './env.ts'
import { callHome } from './home-call.ts'
import type { KeyAsked } from './kept-doors.ts'
import { log } from './log.ts'

const VERIFY_PATH = '/internal/api-keys/verify'
/** An order waits behind this. */
const VERIFY_DEADLINE_MS = 1_500

/** How the edge asks about keys. */
export function keySource(env: Env): KeySource {
  const store = lastGoodOf(env)
  return {
    ask: (asked) => ask(env, asked),
    keep: (asked, key) => store.keepKey(asked, key),
    recall: (asked) => store.findKey(asked),
    forget: (asked) => store.forgetKey(asked),
  }
}

async function ask(env: Env, { keyId, hash }: KeyAsked): Promise<VerifiedKey | 'unknown' | 'dark'> {
  // Known to be away: nobody waits for the deadline to find out again.
  const { isUp, seenAt } = await hubOf(env).homeSeen()
  if (!isUp && seenAt !== null) return 'dark'
  const answer = await callHome(env, {
    method: 'POST',
    path: VERIFY_PATH,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key_id: keyId, secret_sha256: hash }),
    deadlineMs: VERIFY_DEADLINE_MS,
  })
  if (answer?.status === 404) {
    await answer.body?.cancel()
    return 'unknown'
  }
  if (!answer?.ok) {
    if (answer) log.warn('home does not check API keys', { status: answer.status })
    await answer?.body?.cancel()
    return 'dark'
  }
  return verifiedKeySchema.parse(await answer.json())
}
