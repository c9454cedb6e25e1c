// Home's public keys: asked of home, kept on the edge's disk beside the sign-ins that were ended here,
// so that an edge that restarts while home is dark still knows whom to trust, and whom not.

import type { JSONWebKeySet } from 'jose'
import type { LoadTrust } from './auth.ts'
import { type Env, lastGoodOf } from './env.ts'
import { callHome } from './home-call.ts'

const KEYS_PATH = '/internal/keys'

/** How a verifier gets the keys: from home, else from the disk. */
export function trustLoader(env: Env): LoadTrust {
  return async () => {
    const keys = await loadKeys(env)
    return keys && { keys, denied: await lastGoodOf(env).denied() }
  }
}

async function loadKeys(env: Env): Promise<JSONWebKeySet | null> {
  const answer = await callHome(env, { method: 'GET', path: KEYS_PATH })
  if (answer?.ok) {
    const body = await answer.text()
    await lastGoodOf(env).put({ user: '', path: KEYS_PATH, body, type: 'application/json' })
    return parseKeys(body)
  }
  const kept = await lastGoodOf(env).find({ user: '', path: KEYS_PATH })
  return kept ? parseKeys(kept.body) : null
}

function parseKeys(body: string): JSONWebKeySet {
  const keys: unknown = JSON.parse(body)
  if (typeof keys === 'object' && keys !== null && 'keys' in keys && Array.isArray(keys.keys)) {
    return { keys: keys.keys }
  }
  throw new Error('the key set of home is not a key set')
}
